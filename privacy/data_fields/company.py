"""What else stands in a company's schema: billing, privacy."""

from privacy.data_fields.kinds import DataKind

FIELDS: dict[str, dict[DataKind, str]] = {
    "billing.Subscription": {
        DataKind.SETTINGS: "plan_version_id plan_name starts_on ends_on created_at",
        DataKind.TECHNICAL: "id",
    },
    "billing.UsageRecord": {
        DataKind.USAGE: (
            "phone_number_id message_id wamid recipient delivered_at first_status category pricing_type pricing_model "
            "price_status "
            "billable market raw flagged conflict"
        ),
        DataKind.TECHNICAL: "id",
    },
    "billing.MeteringCursor": {DataKind.NONE: "id event_id moved_at"},
    "privacy.DataProcessingAgreement": {
        DataKind.AGREEMENT: (
            "version status controller_name controller_signatory processor_name processor_signatory starts_on ends_on "
            "signed_at file_key file_name file_sha256 file_size recorded_by created_at"
        ),
        DataKind.TECHNICAL: "id",
    },
    "privacy.RetentionPolicy": {
        DataKind.SETTINGS: "data_class days reason changed_by changed_at",
        DataKind.TECHNICAL: "id",
    },
    "privacy.RetentionRun": {
        DataKind.RETENTION_PROOF: (
            "data_class policy_days cut_off state candidates deleted held bytes_freed errors started_at finished_at"
        ),
        DataKind.TECHNICAL: "id",
    },
}
