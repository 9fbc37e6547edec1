/* account_acts.c: the statements of what is recorded about accounts, sessions and tokens. */
#include "identity/accounts.h"

const struct db_statement record_sign_in = {
    "record_sign_in",
    "select outcome, id, recorded_at, sequence, said from tributary.record_sign_in($1::uuid, $2::uuid,"
    " $3::bytea, $4::bytea, $5::bigint, $6::integer, $7::integer, $8, $9::inet, $10::timestamptz, $11::uuid,"
    " $12, $13::bytea)",
    13};

const struct db_statement record_sign_in_failure = {
    "record_sign_in_failure",
    "select outcome, id, recorded_at, sequence, said from tributary.record_sign_in_failure($1::uuid,"
    " $2::integer, $3::integer, $4::timestamptz, $5::uuid, $6, $7::bytea)",
    7};

const struct db_statement record_sign_out = {
    "record_sign_out",
    "select outcome, id, recorded_at, sequence, said from tributary.record_sign_out($1::uuid, $2::uuid,"
    " $3::timestamptz, $4::uuid, $5, $6::bytea)",
    6};

const struct db_statement record_account = {
    "record_account",
    "select outcome, id, recorded_at, sequence, said from tributary.record_account($1::uuid, $2, $3, $4, $5,"
    " $6, $7, $8, $9, $10::uuid, $11::bytea, $12::integer, $13::timestamptz, $14::uuid, $15, $16::bytea)",
    16};

const struct db_statement record_account_change = {
    "record_account_change",
    "select outcome, id, recorded_at, sequence, said from tributary.record_account_change($1::uuid,"
    " $2::integer, $3::jsonb, $4::timestamptz, $5::uuid, $6, $7::bytea)",
    7};

const struct db_statement record_idle_account = {
    "record_idle_account",
    "select outcome, id, recorded_at, sequence, said from tributary.record_idle_account($1::uuid, $2::integer,"
    " $3::timestamptz, $4::uuid, $5, $6::bytea)",
    6};

const struct db_statement record_reset = {
    "record_reset",
    "select outcome, id, recorded_at, sequence, said from tributary.record_reset($1::uuid, $2::uuid, $3::bytea,"
    " $4::integer, $5::timestamptz, $6::uuid, $7, $8::bytea)",
    8};

const struct db_statement record_password = {
    "record_password",
    "select outcome, id, recorded_at, sequence, said from tributary.record_password($1::uuid, $2, $3::bytea,"
    " $4::bytea, $5::uuid, $6::bytea, $7::integer, $8, $9::inet, $10::timestamptz, $11::uuid, $12, $13::bytea)",
    13};

const struct db_statement record_totp = {
    "record_totp",
    "select outcome, id, recorded_at, sequence, said from tributary.record_totp($1::uuid, $2::boolean,"
    " $3::bigint, $4::bytea, $5::uuid, $6::bytea, $7::integer, $8, $9::inet, $10::timestamptz, $11::uuid, $12,"
    " $13::bytea)",
    13};

const struct db_statement record_token = {
    "record_token",
    "select outcome, id, recorded_at, sequence, said from tributary.record_token($1::uuid, $2, $3, $4,"
    " $5::bytea, $6::timestamptz, $7::uuid, $8::inet[], $9, $10::timestamptz, $11::uuid, $12, $13::bytea)",
    13};

const struct db_statement record_token_revocation = {
    "record_token_revocation",
    "select outcome, id, recorded_at, sequence, said from tributary.record_token_revocation($1::uuid,"
    " $2::timestamptz, $3::uuid, $4, $5::bytea)",
    5};

const struct db_statement record_older_token = {
    "record_older_token", "select outcome, id, recorded_at, sequence, said from tributary.record_older_token()", 0};
