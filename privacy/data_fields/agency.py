"""The public schema: the agency's side, and what only routes and counts."""

from privacy.data_fields.kinds import DataKind

FIELDS: dict[str, dict[DataKind, str]] = {
    "tenants.Agency": {
        DataKind.SETTINGS: "name slug language country time_zone mail_sender created_at",
        DataKind.TECHNICAL: "id",
    },
    "tenants.AgencyHost": {DataKind.SETTINGS: "host agency", DataKind.TECHNICAL: "id"},
    "tenants.StaffMembership": {DataKind.ACCOUNT: "user agency role works_from joined_at", DataKind.TECHNICAL: "id"},
    "tenants.ClientCompany": {
        DataKind.SETTINGS: (
            "agency name subdomain status language country time_zone sector risk_class require_two_factor hue "
            "house_rules_at created_at"
        ),
        DataKind.TECHNICAL: "id schema_name schema_fingerprint",
    },
    "tenants.Domain": {DataKind.SETTINGS: "domain tenant is_primary", DataKind.TECHNICAL: "id"},
    "tenants.StaffGrant": {
        DataKind.ACCOUNT: "agency staff company via role conditions starts_at ends_at given_by given_at",
        DataKind.TECHNICAL: "id",
    },
    "tenants.StaffEntrance": {
        DataKind.SIGN_IN: "staff company opened_at",
        DataKind.SECRET: "session_key proof",
        DataKind.TECHNICAL: "id",
    },
    "tenants.TeamGrant": {
        DataKind.ACCOUNT: "agency team company role conditions starts_at ends_at given_by given_at",
        DataKind.TECHNICAL: "id",
    },
    "tenants.HouseRulesAcceptance": {DataKind.ACCOUNT: "staff company at", DataKind.TECHNICAL: "id"},
    "tenants.StaffTeam": {DataKind.SETTINGS: "agency name created_at", DataKind.TECHNICAL: "id"},
    "tenants.StaffTeamMember": {DataKind.ACCOUNT: "team staff joined_at", DataKind.TECHNICAL: "id"},
    "tenants.MetaApp": {
        DataKind.SETTINGS: (
            "agency app_id name graph_url graph_version sandbox signup_config_id coexistence_config_id sdk_url"
        ),
        DataKind.SECRET: "secret previous_secret verify_token",
        DataKind.TECHNICAL: "id",
    },
    "tenants.NumberRoute": {DataKind.SETTINGS: "phone_number_id company app"},
    "tenants.AccountRoute": {DataKind.SETTINGS: "waba_id company app", DataKind.TECHNICAL: "id"},
    "tenants.QuarantinedCall": {
        DataKind.QUARANTINE: "phone_number_id waba_id field entry_id entry_time body received_at",
        DataKind.TECHNICAL: "id app",
    },
    "tenants.FreeEntryLength": {DataKind.NONE: "id effective_from hours source"},
    "tenants.ScheduledRun": {DataKind.NONE: "name last_run_at"},
    "tenants.SchemaTemplate": {DataKind.NONE: "fingerprint sql created_at"},
    "tenants.WorkMark": {DataKind.TECHNICAL: "id schema_name kind key due_at"},
    "desk.CompanySummary": {
        DataKind.SETTINGS: "company display_number numbers sites number_state number_reason number_quality",
        DataKind.NONE: "unanswered oldest_waiting_at open_conversations alarms worst_alarm last_inbound_at changed_at",
    },
    "desk.PortfolioHour": {
        DataKind.SETTINGS: "business_id company",
        DataKind.NONE: "hour people",
        DataKind.TECHNICAL: "id",
    },
    "desk.DeskEntry": {  # without names, but of one person's conversation; gone when it closes
        DataKind.ACCOUNT: "staff_id",
        DataKind.CONTACT_PROFILE: (
            "taken team_id waiting_since due_at danger_at hold hold_until woke_at sensitive language skills unread "
            "last_message_at rank stamp since"
        ),
        DataKind.TECHNICAL: "conversation_id company",
    },
    "desk.StaffPresence": {
        DataKind.ACCOUNT: "staff presence since pause_reason seen_at capacity languages skills",
    },
    "catalogue.Plan": {DataKind.SETTINGS: "agency name", DataKind.TECHNICAL: "id"},
    "catalogue.PlanVersion": {
        DataKind.SETTINGS: (
            "plan version currency setup_fee per_number per_seat per_conversation included_conversations "
            "meta_markup_percent effective_from"
        ),
        DataKind.TECHNICAL: "id",
    },
    "catalogue.RateCard": {DataKind.NONE: "id currency market category amount tier_from effective_from source"},
    "catalogue.Market": {DataKind.NONE: "id country market effective_from"},
    "registry.SubProcessor": {
        DataKind.SETTINGS: "agency name address contact service countries transfer_tool starts_on ends_on",
        DataKind.TECHNICAL: "id",
    },
    "contenttypes.ContentType": {DataKind.NONE: "id app_label model"},
    "auth.Permission": {DataKind.NONE: "id name content_type codename"},
    "auth.Group": {DataKind.NONE: "id name permissions"},
    "auth.Group_permissions": {DataKind.NONE: "id group permission"},
}
