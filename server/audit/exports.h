/* exports.h: copies that leave the system, recorded before they are given. */
#ifndef TRIBUTARY_AUDIT_EXPORTS_H
#define TRIBUTARY_AUDIT_EXPORTS_H

#include "db/db.h"

/* Records an export: see tributary.record_export(). For an act (ledger/act.h); its parameters: id, path, query, format,
 * plan, office, submission, bytes, sha256 (all but id, path and format may be NULL), then the act's own. */
extern const struct db_statement export_record;
enum { EXPORT_PARAMETERS = 13 };

#endif
