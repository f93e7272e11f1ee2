"""Addresses of briefing and knowledge on a company's host."""

from django.urls import path

from conversations.views.briefing import articles, notices, tone

app_name = "briefing"

urlpatterns = [
    path("settings/briefing/", tone.edit, name="tone"),
    path("notices/", notices.list_notices, name="notices"),
    path("notices/new/", notices.write, name="write_notice"),
    path("notices/<uuid:notice_id>/", notices.write, name="notice"),
    path("notices/<uuid:notice_id>/end/", notices.end, name="end_notice"),
    path("notices/<uuid:notice_id>/read/", notices.mark_read, name="read_notice"),
    path("knowledge/", articles.list_articles, name="articles"),
    path("knowledge/find/", articles.find, name="find"),
    path("knowledge/new/", articles.write, name="write_article"),
    path("knowledge/<uuid:article_id>/", articles.write, name="article"),
    path("knowledge/<uuid:article_id>/text/", articles.text_of, name="article_text"),
    path("knowledge/<uuid:article_id>/retire/", articles.retire, name="retire_article"),
    path("knowledge/<uuid:article_id>/bring-back/", articles.bring_back, name="bring_back_article"),
]
