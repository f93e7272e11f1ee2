"""Addresses of the API."""

from django.urls import path

from conversations.api import description, media, numbers, problems, reference, search, templates, views

app_name = "api"
authentication = description.ApiKeyScheme

urlpatterns = [
    path("v1/contacts", views.ContactList.as_view(), name="contacts"),
    path("v1/contacts/<uuid:pk>", views.ContactDetail.as_view(), name="contact"),
    path("v1/contacts/<uuid:pk>/block", numbers.ContactBlock.as_view(), name="contact-block"),
    path("v1/numbers", numbers.NumberList.as_view(), name="numbers"),
    path("v1/numbers/<uuid:pk>", numbers.NumberDetail.as_view(), name="number"),
    path("v1/conversations", views.ConversationList.as_view(), name="conversations"),
    path("v1/conversations/<uuid:pk>", views.ConversationDetail.as_view(), name="conversation"),
    path("v1/conversations/<uuid:pk>/messages", views.ConversationMessages.as_view(), name="conversation-messages"),
    path("v1/messages", views.MessageSend.as_view(), name="messages"),
    path("v1/messages/<uuid:pk>", views.MessageDetail.as_view(), name="message"),
    path("v1/media", media.MediaUpload.as_view(), name="media"),
    path("v1/templates", templates.TemplateList.as_view(), name="templates"),
    path("v1/templates/<uuid:pk>", templates.TemplateDetail.as_view(), name="template"),
    path("v1/search", search.SearchView.as_view(), name="search"),
    path("v1/events", views.EventList.as_view(), name="events"),
    path("openapi.json", reference.openapi, name="openapi"),
    path("reference/", reference.page, name="reference"),
    path("problems/<slug:code>", problems.page, name="problem"),
]
