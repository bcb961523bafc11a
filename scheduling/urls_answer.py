"""What the signed link of an e-mail opens."""

from django.urls import path

from scheduling.views import answer_link, answer_page

urlpatterns = [
    path("", answer_page.AnswerPage.as_view(), name="answer"),
    path("<str:token>/", answer_link.AnswerLink.as_view(), name="answer-link"),
]
