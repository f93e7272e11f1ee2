"""Addresses of the contact page and of its settings, on a company's host."""

from django.urls import path

from conversations.views.public import page, settings

app_name = "public"

urlpatterns = [
    path("contact/", page.contact_page, name="contact"),
    path("settings/contact-page/", settings.edit, name="settings"),
]
