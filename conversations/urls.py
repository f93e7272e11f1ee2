"""Addresses of the inbox on a company's host."""

from django.urls import path

from conversations.views import (
    bulk,
    cards,
    composer,
    contact,
    contacts,
    files,
    handling,
    inbox,
    labels,
    live,
    offers,
    promises,
    removal,
    saved_views,
    templates,
    thread,
    writing,
)

app_name = "conversations"

ONE = "inbox/<uuid:conversation_id>/"
MESSAGE = ONE + "messages/<uuid:message_id>/"

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/queue/", inbox.queue_page, name="queue"),
    path("inbox/promises/", promises.bar, name="promise_bar"),
    path("inbox/rows/", inbox.queue_rows, name="queue_rows"),
    path("inbox/bulk/", bulk.bulk, name="bulk"),
    path("inbox/filters/", inbox.queue_filters, name="queue_filters"),
    path("inbox/views/", saved_views.save, name="save_view"),
    path("inbox/views/<uuid:view_id>/", saved_views.rename, name="rename_view"),
    path("inbox/views/<uuid:view_id>/delete/", saved_views.delete, name="delete_view"),
    path(ONE + "labels/", labels.picker, name="labels"),
    path(ONE, thread.conversation, name="conversation"),
    path(ONE + "older/", thread.older, name="older"),
    path(ONE + "newer/", thread.newer, name="newer"),
    path(ONE + "around/", thread.around, name="around"),
    path(ONE + "find/", thread.find, name="find"),
    path(ONE + "news/", thread.news, name="news"),
    path(ONE + "contact/", contact.contact, name="contact"),
    path(ONE + "composer/", composer.composer, name="composer"),
    path(ONE + "reply/", composer.send_reply, name="send_reply"),
    path(ONE + "offer/<slug:kind>/", offers.offer, name="offer"),
    path(ONE + "typing/", composer.typing, name="typing"),
    path(ONE + "draft/", writing.keep_draft, name="keep_draft"),
    path(ONE + "note/", composer.add_note, name="add_note"),
    path(ONE + "take/", handling.take, name="take"),
    path(ONE + "release/", handling.release, name="release"),
    path(ONE + "close/", handling.close, name="close"),
    path(ONE + "reopen/", handling.reopen, name="reopen"),
    path(ONE + "templates/", templates.template_list, name="templates"),
    path(ONE + "templates/<uuid:template_id>/", templates.template_form, name="template"),
    path(ONE + "templates/<uuid:template_id>/preview/", templates.template_preview, name="template_preview"),
    path(MESSAGE + "undo/", composer.undo, name="undo"),
    path(MESSAGE + "again/", composer.send_again, name="send_again"),
    path(MESSAGE + "reaction/", composer.react, name="react"),
    path(MESSAGE + "cards/<int:index>/write/", cards.write_to_card, name="write_to_card"),
    path(MESSAGE + "removal/", removal.remove, name="remove"),
    path("contacts/", contacts.contact_list, name="contacts"),
    path("contacts/<uuid:contact_id>/", contacts.contact_page, name="contact_page"),
    path("contacts/<uuid:contact_id>/number/", contacts.reveal, name="reveal_contact"),
    path("contacts/<uuid:contact_id>/merge/", contacts.merge, name="merge_contact"),
    path("contacts/<uuid:contact_id>/merges/<uuid:merge_id>/undo/", contacts.undo_merge, name="undo_merge"),
    path("files/<uuid:media_id>/", files.file, name="file"),
    path("files/<uuid:media_id>/thumbnail/", files.thumbnail, name="thumbnail"),
    path("live/token/", live.token, name="live_token"),
]
