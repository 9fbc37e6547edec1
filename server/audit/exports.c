/* exports.c: the statement that records an export. */
#include "audit/exports.h"

const struct db_statement export_record = {
    "record_export",
    "select outcome, id, recorded_at, sequence, said from tributary.record_export($1::uuid, $2, $3, $4, $5, $6, $7,"
    " $8::bigint, $9, $10::timestamptz, $11::uuid, $12, $13::bytea)",
    EXPORT_PARAMETERS};
