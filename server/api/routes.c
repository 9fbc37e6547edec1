/* routes.c: the one route table; the OpenAPI description is made from it. */
#include "api/handlers.h"
#include "http/router.h"

static const struct query_parameter of_file[] = {
    {"form", "the form's code, where the file doesn't say it", false},
    {"office", "the office's code, where the file doesn't say it", false},
    {"period", "the period, where the file doesn't say it", false},
    {"event", "the event's id, for a form of events", false},
    {"base", "the revision it was made from, where the file doesn't say it", false},
    {"dry_run", "true: judge only, store nothing", false},
    {NULL, NULL, false},
};

static const struct query_parameter of_list[] = {
    {"form", "only this form", false},   {"office", "only this office", false},         {"period", "only this period", false},
    {"limit", "at most so many", false}, {"after", "the `next` of the page before", false}, {NULL, NULL, false},
};

static const struct query_parameter of_rollup[] = {
    {"period", "a year, a quarter, or plan", true},        {"by", "office, group or city (the default)", false},
    {"basis", "latest (the default) or official", false}, {"as_of", "as it was at this moment (RFC 3339)", false},
    {NULL, NULL, false},
};

static const struct query_parameter of_indicators[] = {
    {"year", "the ROC year", true},                        {"by", "office, group or city (the default)", false},
    {"basis", "latest (the default) or official", false}, {"as_of", "as it was at this moment (RFC 3339)", false},
    {NULL, NULL, false},
};

static const struct query_parameter of_plan[] = {{"version", "an older version by its number", false}, {NULL, NULL, false}};
static const struct query_parameter of_diff[] = {{"against", "another revision's id; the one before if left out", false}, {NULL, NULL, false}};

const struct route routes[] = {
    {.method = "GET", .path = "/healthz", .handle = get_health, .reply_schema = "Status", .success = 200, .summary = "The process is up"},
    {.method = "GET", .path = "/readyz", .handle = get_ready, .reply_schema = "Status", .success = 200,
     .summary = "The database is reachable and its schema fits"},
    {.method = "GET", .path = "/v1/openapi.json", .handle = get_openapi, .reply_schema = "OpenApi", .success = 200,
     .summary = "This description"},
    {.method = "GET", .path = "/v1/keys", .handle = get_keys, .reply_schema = "Keys", .success = 200,
     .summary = "Public keys that verify receipts"},
    {.method = "GET", .path = "/problems/{code}", .handle = get_problem, .reply_schema = "ProblemWording", .success = 200,
     .summary = "What a problem or finding code means"},
    {.method = "GET", .path = "/v1/whoami", .roles = ROLE_ANY, .handle = get_whoami, .reply_schema = "Principal", .success = 200,
     .summary = "Whose token this is"},
    {.method = "GET", .path = "/v1/plans", .roles = ROLE_ANY, .handle = list_plans, .reply_schema = "Plans", .success = 200,
     .summary = "The plans"},
    {.method = "GET", .path = "/v1/plans/{plan}", .roles = ROLE_ANY, .handle = get_plan, .query = of_plan, .reply_schema = "Plan",
     .success = 200, .summary = "One plan whole"},
    {.method = "GET", .path = "/v1/plans/{plan}/forms/{form}", .roles = ROLE_ANY, .handle = get_form, .reply_schema = "Form", .success = 200,
     .summary = "A form's definition"},
    {.method = "POST", .path = "/v1/plans/{plan}/submissions", .roles = ROLE_ANY, .handle = post_submission, .query = of_file,
     .reply_schema = "Receipt", .success = 201, .summary = "Hand in a document"},
    {.method = "GET", .path = "/v1/plans/{plan}/submissions", .roles = ROLE_ANY, .handle = list_submissions, .tabular = true,
     .cacheable = true, .query = of_list, .reply_schema = "Submissions", .success = 200, .summary = "What was handed in"},
    {.method = "GET", .path = "/v1/submissions/{id}", .roles = ROLE_ANY, .handle = get_submission, .tabular = true, .cacheable = true,
     .reply_schema = "Submission", .success = 200, .summary = "One revision with its document"},
    {.method = "GET", .path = "/v1/submissions/{id}/revisions", .roles = ROLE_ANY, .handle = list_revisions, .tabular = true,
     .cacheable = true, .reply_schema = "Revisions", .success = 200, .summary = "Every revision of its submission"},
    {.method = "GET", .path = "/v1/submissions/{id}/diff", .roles = ROLE_ANY, .handle = get_diff, .tabular = true, .cacheable = true,
     .query = of_diff, .reply_schema = "Diff", .success = 200, .summary = "What changed, cell by cell"},
    {.method = "GET", .path = "/v1/submissions/{id}/receipt", .roles = ROLE_ANY, .handle = get_receipt, .cacheable = true,
     .reply_schema = "Receipt", .success = 200, .summary = "The receipt again"},
    {.method = "GET", .path = "/v1/plans/{plan}/rollups/{form}", .roles = ROLE_ANY, .handle = get_rollup, .tabular = true, .cacheable = true,
     .query = of_rollup, .reply_schema = "Rollup", .success = 200, .summary = "Sums by unit"},
    {.method = "GET", .path = "/v1/plans/{plan}/indicators", .roles = ROLE_ANY, .handle = get_indicators, .tabular = true, .cacheable = true,
     .query = of_indicators, .reply_schema = "Indicators", .success = 200, .summary = "Indicators by unit"},
    {.method = NULL},
};
