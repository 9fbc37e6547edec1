/* acts.c: the statements that record decisions and what becomes of them. */
#include "decision/decision.h"

#define ANSWER "select outcome, id, recorded_at, sequence, said from tributary."

const struct db_statement decision_record = {
    "record_decision",
    ANSWER
    "record_decision($1::uuid, $2, $3, $4, $5::integer, $6::uuid, $7::uuid, $8::uuid, $9, $10, $11, $12::date, $13,"
    " $14, $15, $16::jsonb, $17, $18::timestamptz, $19::uuid, $20, $21::bytea)",
    DECISION_PARAMETERS};

const struct db_statement decision_take_over = {
    "take_over_decision",
    ANSWER
    "take_over_decision($1::uuid, $2, $3, $4, $5::integer, $6::uuid, $7::uuid, $8::uuid, $9, $10, $11, $12::date, $13,"
    " $14, $15, $16::jsonb, $17, $18::timestamptz, $19::uuid, $20, $21::bytea)",
    DECISION_PARAMETERS};

const struct db_statement decision_progress_record = {
    "record_decision_progress",
    ANSWER "record_decision_progress($1::uuid, $2::uuid, $3::integer, $4, $5, $6::jsonb, $7::timestamptz, $8::uuid, $9,"
           " $10::bytea)",
    DECISION_PROGRESS_PARAMETERS};

const struct db_statement decision_ruling_record = {
    "record_decision_ruling",
    ANSWER
    "record_decision_ruling($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, $6, $7::jsonb, $8::timestamptz, $9::uuid,"
    " $10, $11::bytea)",
    DECISION_RULING_PARAMETERS};

const struct db_statement decision_referral_record = {
    "record_decision_referral",
    ANSWER "record_decision_referral($1::uuid, $2::uuid, $3, $4, $5, $6::timestamptz, $7::uuid, $8, $9::bytea)",
    DECISION_REFERRAL_PARAMETERS};

const struct db_statement decision_outcome_record = {
    "record_decision_outcome",
    ANSWER "record_decision_outcome($1::uuid, $2::uuid, $3::uuid, $4, $5, $6::timestamptz, $7::uuid, $8, $9::bytea)",
    DECISION_OUTCOME_PARAMETERS};

const struct db_statement decision_withdrawal_record = {
    "record_decision_withdrawal",
    ANSWER "record_decision_withdrawal($1::uuid, $2::uuid, $3, $4::timestamptz, $5::uuid, $6, $7::bytea)",
    DECISION_WITHDRAWAL_PARAMETERS};
