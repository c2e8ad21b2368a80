"""The addresses of the department's pages."""

from django.urls import path

from reporting.dashboard import doors, figures, home, indicators, plans, quarters, sites, style

app_name = "department"
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", doors.sign_in, name="sign_in"),
    path("sign-out", doors.sign_out, name="sign_out"),
    path("style.css", style.style, name="style"),
    path("indicators/<slug:code>", indicators.indicator, name="indicator"),
    path("matrix", indicators.matrix, name="matrix"),
    path("sites/<slug:slug>", sites.site, name="site"),
    path("sites/<slug:slug>/evidence/<slug:kind>/<int:number>", sites.evidence, name="evidence"),
    path("plan", plans.plan, name="plan"),
    path("figures", figures.figures, name="figures"),
    path("quarters", quarters.quarters, name="quarters"),
    path("quarters/<slug:window>", quarters.quarter, name="quarter"),
    path("quarters/<slug:window>/report.pdf", quarters.paper, name="paper"),
    path("quarters/<slug:window>/report.json", quarters.machine_file, name="machine_file"),
    path("quarters/<slug:window>/report.csv", quarters.sheet_file, name="sheet_file"),
    path("quarters/<slug:window>/signed.pdf", quarters.signed_paper, name="signed_paper"),
    path("quarters/<slug:window>/signed", quarters.upload, name="upload"),
    path("quarters/<slug:window>/sent", quarters.sent, name="sent"),
    path("quarters/<slug:window>/receipt", quarters.receipt, name="receipt"),
]
