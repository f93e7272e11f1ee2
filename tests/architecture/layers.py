"""The rule who may import whom, for nested apps too; import-linter's own layers do not allow a layer inside another.

Each module belongs to the most specific layer that holds it, and imports from its own layer or from lower ones.
"""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class NestedLayers(Contract):
    """
    layers   one line for each layer, the highest first; packages on one line do not import each other
    alone    packages that import nothing of ours
    unused   packages that nothing of ours imports
    """

    layers = fields.ListField(subfield=fields.StringField())
    alone = fields.SetField(subfield=fields.StringField(), required=False)
    unused = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        alone, unused = set(self.alone or ()), set(self.unused or ())  # type: ignore[call-overload]
        lines: list[str] = list(self.layers)  # type: ignore[call-overload]
        ranks = {name.strip(): rank for rank, line in enumerate(reversed(lines)) for name in line.split("|")}
        packages = [*ranks, *alone, *unused]
        missing = [name for name in packages if name not in graph.modules]
        wrong = [f"{name} is named in .importlinter and does not exist" for name in missing]
        for importer in sorted(graph.modules):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                source, target = layer_of(importer, packages), layer_of(imported, packages)
                if source == target or source is None or target is None:
                    continue
                if source in alone or target in unused or ranks.get(source, -1) <= ranks.get(target, -1):
                    wrong.append(f"{importer} imports {imported}")
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["wrong"]:
            output.print_error(line, bold=False)


def layer_of(module: str, packages: list[str]) -> str | None:
    """The longest of the packages that the module is in."""
    holding = [name for name in packages if module == name or module.startswith(name + ".")]
    return max(holding, key=len, default=None)
