"""What stands in both sides: people who sign in, keys, the trail, and the tables of others that sign-in needs."""

from privacy.data_fields.kinds import DataKind

FIELDS: dict[str, dict[DataKind, str]] = {
    "accounts.User": {
        DataKind.ACCOUNT: (
            "email name alias role is_active language theme undo_seconds agency_id staff_id created_at left_at "
            "last_login enter_sends letter_keys open_next notify_desktop notify_sound presence presence_since "
            "pause_reason seen_at given_at capacity languages skills cleared_on cleared_until cleared_by "
            "clearance_kind nda_signed_on"
        ),
        DataKind.SECRET: "password",
        DataKind.TECHNICAL: "id",
    },
    "accounts.ApiKey": {
        DataKind.ACCOUNT: "name prefix scopes created_by created_at last_used_at revoked_at",
        DataKind.SECRET: "secret_hash",
        DataKind.TECHNICAL: "id",
    },
    "accounts.AuditEntry": {
        DataKind.AUDIT: (
            "at actor_id actor_name actor_kind on_behalf_of action subject_kind subject_id ground reason details ip"
        ),
        DataKind.TECHNICAL: "id sequence hash",
    },
    "accounts.HandOver": {
        DataKind.SIGN_IN: "user grant_id created_at used_at",
        DataKind.SECRET: "token_hash",
        DataKind.TECHNICAL: "id",
    },
    "accounts.Invitation": {
        DataKind.SIGN_IN: "user sent_by_name created_at expires_at accepted_at",
        DataKind.SECRET: "token_hash",
        DataKind.TECHNICAL: "id",
    },
    "sessions.Session": {
        DataKind.SIGN_IN: "session_data expire_date",
        DataKind.SECRET: "session_key",
    },
    "account.EmailAddress": {
        DataKind.ACCOUNT: "user email verified primary",
        DataKind.TECHNICAL: "id",
    },
    "account.EmailConfirmation": {
        DataKind.SIGN_IN: "email_address created sent",
        DataKind.SECRET: "key",
        DataKind.TECHNICAL: "id",
    },
    "mfa.Authenticator": {
        DataKind.ACCOUNT: "user type created_at last_used_at",
        DataKind.SECRET: "data",
        DataKind.TECHNICAL: "id",
    },
}
