"""What the platform allows in a message template: lengths in characters, counts, languages.

Source: platform pages "template components", "authentication templates", "carousel" and "limited-time offer templates".
"""

import re

from conversations.whatsapp.template_text import MAX_BODY_CHARS, MAX_CARD_BODY_CHARS, MAX_CODE_CHARS, MAX_HEADER_CHARS

__all__ = ["MAX_BODY_CHARS", "MAX_CARD_BODY_CHARS", "MAX_CODE_CHARS", "MAX_HEADER_CHARS"]

NAME = re.compile(r"[a-z0-9_]{1,512}\Z")
VARIABLE_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
MAX_NAME_CHARS = 512
MAX_FOOTER_CHARS = 60
MAX_OFFER_BODY_CHARS = 600
MAX_OFFER_CHARS = 16
MAX_LABEL_CHARS = 25
MAX_URL_CHARS = 2000
MAX_PHONE_CHARS = 20
MAX_BUTTONS = 10
MAX_OF_A_KIND = {"URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1, "FLOW": 1, "REQUEST_CONTACT_INFO": 1}
CARDS = (2, 10)
CARD_BUTTONS = (1, 2)
CODE_MINUTES = (1, 90)
MAX_APPS = 5
MAX_PACKAGE_CHARS = 224
APP_HASH_CHARS = 11
TTL_SECONDS = {"AUTHENTICATION": (30, 900), "UTILITY": (30, 43_200)}
WORDS_PER_VARIABLE = 2  # and one more: the platform refuses a text that is mostly variables

BUTTON_KINDS = ("QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE", "FLOW", "REQUEST_CONTACT_INFO")
CARD_BUTTON_KINDS = ("QUICK_REPLY", "URL", "PHONE_NUMBER")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")

LANGUAGE_CODES = (
    "nl de en en_GB en_US fr fr_BE fr_CA es es_AR es_ES es_MX es_CL es_CO es_PE es_VE it pt_BR pt_PT pl tr ar ar_EG "
    "ar_AE ar_LB ar_MA ar_QA ar_SA uk ru ro bg cs da el et fi ga hr hu lt lv nb sk sl sq sr sv mk af az bn ca en_AU "
    "en_CA en_IN fa fil gu ha he hi id ja ka kk kn ko ky_KG lo ml mr ms pa rw_RW sw ta te th ur uz vi zh_CN zh_HK "
    "zh_TW zu"
)
LANGUAGES = tuple(LANGUAGE_CODES.split())
