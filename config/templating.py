"""Templates of which the parts that never change are put together once: words, icons and addresses without an argument.

Half of what a page of the inbox says is the same on every page of one language. Written as tags it is worked out again
for each row; here a run of such tags and the text between them becomes one text per language, when it is first shown.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.template import Context, Origin, Template
from django.template.base import FilterExpression, Node, NodeList, TextNode, Variable, VariableNode
from django.template.defaulttags import CommentNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loaders import base, cached
from django.templatetags.i18n import TranslateNode
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from config.templatetags import page

ALWAYS_THE_SAME = frozenset({page.icon, page.keys})  # for the same arguments in the same language
SILENT = (LoadNode, CommentNode)

Key = tuple[str | None, str | None, str]


class ConstantNode(Node):
    """A run of nodes that say the same on every page of one language and one side."""

    child_nodelists = ()

    def __init__(self, run: list[Node]) -> None:
        self.run = run
        self.origin: Any = run[0].origin
        self.token: Any = getattr(run[0], "token", None)
        self._said: dict[Key, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = (get_language(), get_urlconf(), get_script_prefix())
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = NodeList(self.run).render(context)
        return said


class FoldingLoader(base.Loader):
    """Folds a template right after it was read, before anybody renders it."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        fold(template.nodelist)
        return template


class Loader(cached.Loader, FoldingLoader):
    """Reads a template once per process and folds it."""


def fold(nodes: NodeList) -> None:
    """Put runs of constants together, here and in every list of nodes below."""
    for node in nodes:
        for inner in _lists_of(node):
            fold(inner)
    nodes[:] = _folded(nodes)


def _folded(nodes: Iterable[Node]) -> Iterator[Node]:
    run: list[Node] = []
    for node in [*(node for node in nodes if not isinstance(node, SILENT)), None]:
        if node is not None and (isinstance(node, TextNode) or _is_constant(node)):
            run.append(node)
            continue
        if any(not isinstance(one, TextNode) for one in run):
            yield ConstantNode(run)
        else:
            yield from run
        run = []
        if node is not None:
            yield node


def _lists_of(node: Node) -> Iterator[NodeList]:
    """The lists a tag keeps: as attributes, or in pairs with their conditions."""
    for value in list(vars(node).values()):
        if isinstance(value, NodeList):
            yield value
        elif isinstance(value, list):
            yield from (
                part for pair in value if isinstance(pair, tuple) for part in pair if isinstance(part, NodeList)
            )


def _is_constant(node: Node) -> bool:
    if isinstance(node, TranslateNode):
        given = [node.filter_expression, *([node.message_context] if node.message_context else [])]
        return node.asvar is None and all(_stands(one) for one in given)
    if isinstance(node, SimpleNode):
        known = node.func in ALWAYS_THE_SAME and not node.takes_context and node.target_var is None
        return known and all(_stands(one) for one in (*node.args, *node.kwargs.values()))
    if isinstance(node, URLNode):
        return node.asvar is None and not node.args and not node.kwargs and _stands(node.view_name)
    return isinstance(node, VariableNode) and _stands(node.filter_expression)


def _stands(expression: FilterExpression) -> bool:
    """Whether an expression asks nothing of the page: words or a number, and filters that answer always the same."""
    if isinstance(expression.var, Variable) and expression.var.lookups is not None:
        return False
    return all(
        func in ALWAYS_THE_SAME and not any(is_looked_up for is_looked_up, _value in arguments)
        for func, arguments in expression.filters
    )
