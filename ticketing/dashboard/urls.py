"""The addresses of the operators' desk."""

from django.urls import path

from ticketing.dashboard import groups, orders, signing_in, style

app_name = "operators"
urlpatterns = [
    path("", groups.home, name="home"),
    path("sign-in", signing_in.sign_in, name="sign_in"),
    path("sign-out", signing_in.sign_out, name="sign_out"),
    path("style.css", style.style, name="style"),
    path("groups/new", groups.edit_group, name="new_group"),
    path("groups/<int:group_id>", groups.edit_group, name="group"),
    path("groups/<int:group_id>/remove", groups.delete_group, name="remove_group"),
    path("buy", orders.buy, name="buy"),
    path("orders/<slug:code>", orders.order, name="order"),
    path("orders/<slug:code>/split", orders.split_code, name="split"),
    path("orders/<slug:code>/merge", orders.merge_codes, name="merge"),
    path("statement", orders.statement, name="statement"),
]
