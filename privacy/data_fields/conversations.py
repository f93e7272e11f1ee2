"""Numbers, people and what was said: the tables of ``conversations`` and ``integrations`` in a company's schema."""

from privacy.data_fields.kinds import DataKind

FIELDS: dict[str, dict[DataKind, str]] = {
    "conversations.PhoneNumber": {
        DataKind.SETTINGS: (
            "phone_number_id waba_id display_number verified_name meta_app_id sandbox quality messaging_limit "
            "messages_per_second meta_contract_party connected_at business_id on_phone_app platform_status name_status "
            "requested_name can_send health funded token_expires_at probed_at webhook_probed_at username "
            "username_status profile automation storage_region figures stop_notice marketing_apart"
        ),
        DataKind.SECRET: "token pin",
        DataKind.TECHNICAL: "id state state_reason state_since sender_id sender_epoch sender_until not_before "
        "marketing_not_before",
    },
    "conversations.NumberNews": {
        DataKind.SETTINGS: "phone_number kind at before after source data",
        DataKind.TECHNICAL: "id",
    },
    "conversations.Alarm": {
        DataKind.SETTINGS: (
            "phone_number kind severity opened_at seen_at times told_at told_to acknowledged_at acknowledged_by "
            "closed_at data"
        ),
        DataKind.TECHNICAL: "id",
    },
    "conversations.CallBack": {
        DataKind.CONTACT_PROFILE: "conversation done_at done_by",
        DataKind.TECHNICAL: "id",
    },
    "conversations.Connecting": {
        DataKind.SETTINGS: (
            "method state number meta_app_id phone_number_id waba_id business_id steps data started_by "
            "started_at changed_at"
        ),
        DataKind.SECRET: "token pin",
        DataKind.TECHNICAL: "id",
    },
    "conversations.NumberSync": {
        DataKind.SETTINGS: (
            "phone_number kind state request_id legal_basis asked_by asked_at changed_at phase progress taken_in "
            "error_code"
        ),
        DataKind.TECHNICAL: "id",
    },
    "conversations.WebhookCall": {
        DataKind.JOURNAL: "phone_number_id waba_id field entry_id entry_time body received_at applied_at error",
        DataKind.TECHNICAL: "id",
    },
    "conversations.Contact": {
        DataKind.CONTACT_PROFILE: (
            "kind name given_name username external_id metadata language market created_at last_message_at labels "
            "fields"
        ),
        DataKind.IDENTITY: "bsuid parent_bsuid wa_id group_id",
        DataKind.SUPPRESSION: "opted_out_at blocked_at restricted_at",
        DataKind.TECHNICAL: "id merged_into",
    },
    "conversations.ContactIdentity": {
        DataKind.IDENTITY: "contact kind value valid_from valid_to source",
        DataKind.TECHNICAL: "id",
    },
    "conversations.ContactMerge": {
        DataKind.IDENTITY: "kept other at reason actor_id moved undone_at undone_by",
        DataKind.TECHNICAL: "id",
    },
    "conversations.PlatformErasure": {
        DataKind.IDENTITY: "phone_number bsuid digest asked_at attempts due_at done_at known problem",
        DataKind.TECHNICAL: "id",
    },
    "conversations.Channel": {
        DataKind.CONTACT_PROFILE: (
            "contact phone_number last_inbound_at refused_inbound_at referred_at free_entry_until read_up_to"
        ),
        DataKind.TECHNICAL: "id receipt_wamid typing_at not_before",
    },
    "conversations.ConsentRecord": {
        DataKind.CONSENT_PROOF: (
            "contact purpose event channel source phone_number_id wamid text legal_basis actor_id occurred_at "
            "created_at"
        ),
        DataKind.TECHNICAL: "id",
    },
    "conversations.Conversation": {
        DataKind.CONTACT_PROFILE: (
            "contact phone_number channel status assignee assigned_at opened_at closed_at closed_by close_reason "
            "last_direction last_message_at waiting_since unread_count due_at danger_at sensitive hold hold_since "
            "hold_until woke_at team intent labels"
        ),
        DataKind.TECHNICAL: "id last_message version",
    },
    "conversations.ConversationEvent": {
        DataKind.MESSAGE_TEXT: "channel conversation kind at actor data",
        DataKind.TECHNICAL: "id",
    },
    "conversations.Note": {
        DataKind.MESSAGE_TEXT: "channel conversation author signed body at",
        DataKind.TECHNICAL: "id client_token",
    },
    "conversations.Mention": {
        DataKind.MESSAGE_TEXT: "note conversation user at seen_at",
        DataKind.TECHNICAL: "id",
    },
    "conversations.ConversationFollower": {
        DataKind.ACCOUNT: "conversation user since",
        DataKind.TECHNICAL: "id",
    },
    "conversations.Draft": {
        DataKind.MESSAGE_TEXT: "conversation user mode body quoting changed_at",
        DataKind.TECHNICAL: "id",
    },
    "conversations.ClientQuestion": {
        DataKind.MESSAGE_TEXT: (
            "conversation asked_by to_name to_email body asked_at expires_at mailed_at reminded_at answered_at "
            "withdrawn_at answer"
        ),
        DataKind.SECRET: "token_hash",
        DataKind.TECHNICAL: "id",
    },
    "conversations.PromiseRecord": {
        DataKind.MESSAGE_TEXT: ("conversation waiting_since due_at intent warned_at broken_at answered_at answered_by"),
        DataKind.TECHNICAL: "id",
    },
    "conversations.SensitiveFinding": {
        DataKind.MESSAGE_TEXT: (
            "conversation message part_of outbound detector detector_version start end confidence preview action "
            "reason at reviewed_by verdict"
        ),
        DataKind.TECHNICAL: "id",
    },
    "conversations.SearchEntry": {
        DataKind.MESSAGE_TEXT: "channel kind at words",
        DataKind.TECHNICAL: "id",
    },
    "conversations.SearchTodo": {DataKind.TECHNICAL: "id kind"},
    "conversations.Team": {
        DataKind.SETTINGS: "name skills languages auto_assign cleared_as_a_whole created_at",
        DataKind.TECHNICAL: "id",
    },
    "conversations.TeamMember": {DataKind.ACCOUNT: "team user leads", DataKind.TECHNICAL: "id"},
    "conversations.Label": {DataKind.SETTINGS: "name hue retired_at created_at", DataKind.TECHNICAL: "id"},
    "conversations.Intent": {
        DataKind.SETTINGS: "name response_minutes skill position retired_at",
        DataKind.TECHNICAL: "id",
    },
    "conversations.QuickReply": {
        DataKind.SETTINGS: "owner shortcut title texts used changed_at",
        DataKind.TECHNICAL: "id",
    },
    "conversations.SavedView": {DataKind.SETTINGS: "owner name query position", DataKind.TECHNICAL: "id"},
    "conversations.Notice": {
        DataKind.SETTINGS: "title body starts_at ends_at urgent written_by written_at",
        DataKind.TECHNICAL: "id",
    },
    "conversations.NoticeRead": {DataKind.ACCOUNT: "notice user at", DataKind.TECHNICAL: "id"},
    "conversations.Article": {
        DataKind.SETTINGS: "title body language tags url written_by changed_at retired_at",
        DataKind.TECHNICAL: "id",
    },
    "conversations.InboxSettings": {
        DataKind.SETTINGS: (
            "idle_close_days reopen_hours unknown_settles_minutes privacy_url response_minutes forms changed_at hours "
            "special_days closed_on_holidays holiday_region warn_percent auto_assign capacity silent_minutes "
            "close_reasons close_needs_intent contact_fields client_people signature signature_text tone "
            "form_of_address links house_rules other_form_url other_phone other_mail term_lists blur_media "
            "danger_words danger_protocol emergency_number duty_number greeting away "
            "public_page public_text own_accounts"
        ),
        DataKind.TECHNICAL: "id",
    },
    "conversations.MediaFile": {
        DataKind.MEDIA: (
            "direction kind mime_type filename sha256 platform_sha256 size voice animated width height duration_ms "
            "waveform link storage_key thumbnail_key platform_id platform_id_until received_at removed_at "
            "reviewed_at reviewed_by card_of_id card"
        ),
        DataKind.TECHNICAL: "id phone_number_id state problem attempts due_at",
    },
    "conversations.Message": {
        DataKind.MESSAGE_TEXT: (
            "conversation channel phone_number direction sender_kind author api_key_id type body content media wamid "
            "quoted_wamid forwarded participant at received_at created_at claimed_at sending_at accepted_at sent_at "
            "failed_at delivered_at read_at played_at error_code error_details refusal external_id metadata purpose "
            "edited_at revoked_at removed_at removed_by removal_reason masks"
        ),
        DataKind.TECHNICAL: "id sequence status client_token priority not_before attempts sender_epoch",
    },
    "conversations.MessageTemplate": {
        DataKind.SETTINGS: (
            "waba_id template_id name language category status status_at components parameter_format quality "
            "rejected_reason reason_details correct_category paused_until ttl_seconds header_file edits refusal "
            "draft asked asked_at asked_by_id last_used_at author_id submitted_at synced_at"
        ),
        DataKind.TECHNICAL: "id",
    },
    "conversations.TemplateNews": {
        DataKind.SETTINGS: "template kind at before after reason source",
        DataKind.TECHNICAL: "id",
    },
    "integrations.Event": {
        DataKind.FACTS: "kind object_id conversation_id data at",
        DataKind.TECHNICAL: "id transaction_id",
    },
    "integrations.IdempotencyRecord": {
        DataKind.REPEATED_CALLS: "api_key_id key fingerprint status_code answer created_at",
        DataKind.TECHNICAL: "id",
    },
}
