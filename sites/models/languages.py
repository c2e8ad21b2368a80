from django.db import models


class Language(models.TextChoices):
    """The twelve languages of the province's visitors, by ISO 639-1 code."""

    VI = "vi", "Tiếng Việt"
    EN = "en", "English"
    FR = "fr", "Français"
    ZH = "zh", "中文"
    JA = "ja", "日本語"
    KO = "ko", "한국어"
    TH = "th", "ไทย"
    DE = "de", "Deutsch"
    ES = "es", "Español"
    RU = "ru", "Русский"
    IT = "it", "Italiano"
    PT = "pt", "Português"
