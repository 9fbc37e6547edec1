/* tabular.h: replying with a table as CSV, ODS or XLSX. Private to api/. */
#ifndef TRIBUTARY_API_TABULAR_H
#define TRIBUTARY_API_TABULAR_H

#include "http/request.h"
#include "sheet/tabulation.h"

/* Replies with the table in the format that was asked for, which isn't JSON. */
enum step_result reply_tabulation(struct request *request, struct tabulation *tabulation);

#endif
