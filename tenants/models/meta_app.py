"""The apps at Meta through which webhooks come, and which company owns what they speak of."""

from django.db import models

from tenants.ids import uuid7
from tenants.models.agency import Agency
from tenants.models.company import ClientCompany
from tenants.secrets import EncryptedTextField

META_SDK = "https://connect.facebook.net/en_US/sdk.js"
META_SDK_HOSTS = ("https://www.facebook.com", "https://web.facebook.com", "https://graph.facebook.com")
SANDBOX_CONFIG = "sandbox"  # the stand-in platform takes any


class MetaApp(models.Model):
    """One app at Meta: its secrets sign webhooks, its base address receives our calls."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="meta_apps")
    app_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80, blank=True)
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(blank=True, default="")
    verify_token = EncryptedTextField()
    graph_url = models.URLField(default="https://graph.facebook.com")
    graph_version = models.CharField(max_length=10, default="v25.0")
    sandbox = models.BooleanField(default=False, help_text="Speaks to the simulator, never to Meta")
    signup_config_id = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="Configuration of Embedded Signup at Meta"
    )
    coexistence_config_id = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="The one for numbers that stay on the phone app"
    )
    sdk_url = models.URLField(
        blank=True,
        default="",
        db_default="",
        help_text="Where browsers load the sign-up script; empty: Meta's, or the simulator's own",
    )

    def __str__(self) -> str:
        return self.name or self.app_id

    @property
    def sdk(self) -> str:
        """The address of the script that opens the sign-up window."""
        return self.sdk_url or (f"{self.graph_url.rstrip('/')}/sdk.js" if self.sandbox else META_SDK)

    def signup_config(self, *, coexistence: bool = False) -> str:
        """The configuration that the sign-up window opens with; empty where none was made at Meta."""
        chosen = self.coexistence_config_id if coexistence else self.signup_config_id
        return chosen or (SANDBOX_CONFIG if self.sandbox else "")


class NumberRoute(models.Model):
    """Which company a phone_number_id belongs to. One number, one company."""

    phone_number_id = models.CharField(primary_key=True, max_length=40)
    company = models.ForeignKey(ClientCompany, on_delete=models.CASCADE, related_name="number_routes")
    app = models.ForeignKey(MetaApp, on_delete=models.PROTECT, related_name="number_routes")

    def __str__(self) -> str:
        return self.phone_number_id


class AccountRoute(models.Model):
    """Which companies have numbers in a WhatsApp Business Account; account-level changes go to each."""

    waba_id = models.CharField(max_length=40)
    company = models.ForeignKey(ClientCompany, on_delete=models.CASCADE, related_name="account_routes")
    app = models.ForeignKey(MetaApp, on_delete=models.PROTECT, related_name="account_routes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["waba_id", "company"], name="accountroute_once_per_company")]

    def __str__(self) -> str:
        return self.waba_id
