/* handlers.h: what the route table names. Each handler runs on a worker, after the token and role were checked. */
#ifndef TRIBUTARY_API_HANDLERS_H
#define TRIBUTARY_API_HANDLERS_H

#include "db/db.h"
#include "http/request.h"

step_fn get_health, get_ready, get_openapi, get_keys, get_problem, get_whoami;
step_fn list_plans, get_plan, get_form, get_template;
step_fn post_submission, list_submissions, get_submission, list_revisions, get_diff, get_receipt, get_findings;
step_fn post_upload, get_upload, patch_upload, delete_upload;
step_fn post_attachment, list_attachments, get_attachment, post_attachment_withdrawal;
step_fn get_rollup, get_indicators;
step_fn get_obligations, get_timeliness, post_extension, list_extensions;
step_fn get_plan_calendar, get_feed_calendar, post_feed, list_feeds, delete_feed;
step_fn post_review, list_reviews, list_submission_reviews, list_waiting;
step_fn post_withdrawal, post_attestation, list_attestations, post_closing, list_closings;
step_fn post_session, get_session, delete_session, list_sessions, delete_sessions, delete_one_session;
step_fn post_account_password, get_password_reset, post_password_reset, post_account_totp, delete_account_totp,
    patch_own_account;
step_fn list_accounts, get_account, post_account, patch_account, post_account_reset;
step_fn list_tokens, post_token, delete_token;
step_fn list_prepared, get_prepared, post_prepared_release, post_prepared_rejection;
step_fn post_meeting, list_meetings, get_meeting, post_meeting_step, put_meeting_agenda, put_meeting_attendance,
    put_meeting_resolutions, get_meeting_calendar;
step_fn post_decision, list_decisions, get_decision, post_progress, post_ruling, post_referral, post_referral_outcome,
    post_decision_withdrawal;
step_fn list_bodies, get_body, post_body_member, post_body_member_end, get_watch, get_duties;
step_fn get_secretariat, post_secretariat_turn, post_secretariat_swap;
step_fn get_sitting_in, post_sitting_in, post_sitting_in_proposal;
step_fn post_minutes, get_minutes, get_take_over, post_take_over;
step_fn post_pack, list_packs, get_pack, get_pack_file, get_pack_check, get_pack_changes;
step_fn get_open_data, get_open_data_description;
step_fn post_remark, list_remarks, post_remark_resolution;
step_fn get_comparison;
step_fn list_mails, post_mail_retry, get_mail_preferences, put_mail_preferences;
step_fn get_mail_unsubscription, post_mail_unsubscription;
step_fn record_export;
step_fn list_audit, get_audit_entry, get_audit_head, seek_audit_head, export_audit;

#endif
