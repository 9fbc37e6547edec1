/* request.h: one HTTP request from its first line to its reply; everything it needs lies in one arena with a cap. */
#ifndef TRIBUTARY_HTTP_REQUEST_H
#define TRIBUTARY_HTTP_REQUEST_H

#include <jansson.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/problem.h"
#include "form/findings.h"
#include "http/service.h"
#include "identity/identity.h"

enum {
    MOST_PATH_PARAMETERS = 4,
    MOST_QUERY_PARAMETERS = 16,
    MOST_REPLY_HEADERS = 8,
    BODY_LIMIT = 8 * 1024 * 1024,
    REQUEST_ARENA_LIMIT = 512 * 1024 * 1024
};

#define STREAM_LENGTH_UNKNOWN MHD_SIZE_UNKNOWN

enum format { FORMAT_JSON, FORMAT_CSV, FORMAT_ODS, FORMAT_XLSX };

struct request;
struct server;
struct db;

/* A step of a request on a worker's thread, with a connection of the worker's. STEP_WAITING: somebody else (the writer)
 * goes on with it by server_continue(). */
enum step_result { STEP_DONE, STEP_WAITING };
typedef enum step_result step_fn(struct request *request, struct db *db);

struct query_parameter {
    const char *name, *meaning;
    bool required;
};

/* One row of the route table. */
struct route {
    const char *method;
    const char *path; /* "/v1/plans/{plan}/forms/{form}" */
    unsigned roles;   /* mask of enum role; 0: nobody need sign in */
    step_fn *handle;
    bool tabular;                        /* can be given as CSV, ODS and XLSX too */
    bool workbook;                       /* the same, and ODS if nothing is asked */
    bool raw;                            /* answers the bytes of a file, whatever Accept says */
    bool unfinished;                     /* also for a session that must change its password or set up codes */
    bool exported;                       /* in whatever format, what is given is a copy that the log tells of */
    bool cacheable;                      /* depends only on the log, the principal's rights, language and format */
    const struct query_parameter *query; /* ends with a NULL name; NULL: none */
    const char *summary, *reply_schema;  /* for the OpenAPI description */
    bool takes_bytes;                    /* what is sent are bytes */
    const char *other_schema;            /* of another answer with status 200, or NULL */
    const char *accepted_schema;         /* of an answer with status 202, or NULL */
    int success;
    const char *body_schema; /* of what is posted; NULL: a document, or a table */
    const char *media_type;  /* of an answer that comes in this form only; NULL: JSON */
    const char *const
        *media_types; /* of the other forms of an answer that reads by itself which `format` is asked; NULL
                                       ends them, or NULL */
};

/* An answer that is sent piece by piece, so that it is never whole in memory. `load` runs on a worker whenever the reader
 * has had what is there: it calls stream_loaded() with what comes next, or does nothing on a failure; then the connection is
 * closed, and the reader, who knows the length, sees that something is missing. Without a length the reply is chunked, and
 * load() sets `ended` with the last piece; a reader sees by the last chunk that it was the last one. */
struct reply_stream {
    uint64_t length; /* of all that is sent, or STREAM_LENGTH_UNKNOWN */
    step_fn *load;
    void *state; /* of the handler, in the arena */
    char *bytes; /* malloc()ed; owned, as all that follows */
    size_t loaded, sent;
    uint64_t asked_at; /* where in all that is sent load() was last asked for more, plus 1; 0: never */
    bool failed, begun, ended;
};

struct reply {
    int status;
    const char *content_type;
    char *body; /* malloc()ed; owned */
    size_t length;
    struct reply_stream *stream; /* instead of the body; in the arena */
    char etag[72];
    const char *header_names[MOST_REPLY_HEADERS], *header_values[MOST_REPLY_HEADERS]; /* in the arena */
    size_t header_count;
    const char *allow;       /* in the arena, as the next */
    const char *disposition; /* Content-Disposition, or NULL */
    const char *findings;    /* Tributary-Findings, or NULL */
    int retry_after;         /* seconds; 0: no header */
    bool replayed, closing;
    bool secret; /* shown once: no cache keeps it */
};

struct request {
    struct MHD_Connection *connection; /* NULL until the first callback */
    struct server *server;
    struct service *service;
    struct arena *arena;
    const struct route *route;
    const char *method, *path, *raw_query;
    const char *path_parameters[MOST_PATH_PARAMETERS];
    const char *query_names[MOST_QUERY_PARAMETERS], *query_values[MOST_QUERY_PARAMETERS];
    size_t query_count;
    enum language language;
    enum format format;
    struct credential credential;
    struct principal principal;
    timestamp received_at;
    struct buffer body;
    const char
        *kept_type;  /* Content-Type of a body that was kept and is worked on again; NULL: it came with the request */
    size_t reserved; /* of the upload budget */
    size_t held;     /* of the reply budget */
    int64_t started_at;   /* monotonic ms */
    enum problem refused; /* found while the body was still coming */
    const char *refused_detail;
    bool waiting, finished;
    struct MHD_Response *cached; /* sent instead of the reply; ours until then */
    struct reply reply;
    size_t plans_known; /* shelf_count() when it began: the plans that its reply may be made by */
    uint64_t data_version;
    bool has_data_version;
    void *state; /* of the handler, in the arena */
    step_fn *step;
    struct request *next;
};

/* The value of a query parameter, or NULL. */
const char *request_query(const struct request *request, const char *name);
const char *request_header(const struct request *request, const char *name);

/* How much the request's Accept likes a media type, in thousandths; 0: not at all. 1000 where it says nothing. */
int request_likes(const struct request *request, const char *media_type);
/* What stands in the path for "{plan}" and the like; NULL if the route has no such parameter. */
const char *request_path_parameter(const struct request *request, const char *name);

/* Whether a browser that says where the request comes from (Origin) names this very server. True where none says it. */
bool request_is_same_origin(const struct request *request);

/* ---- replies; each sets request->reply and returns STEP_DONE ---- */

/* Takes over `json`. NULL: an internal problem is replied. */
enum step_result reply_json(struct request *request, int status, json_t *json);
/* Takes over `body`. */
enum step_result reply_bytes(struct request *request, int status, const char *content_type, char *body, size_t length);
/* Sends what the stream loads; `stream` lies in the arena. Of the route only GET and HEAD may do so. */
enum step_result reply_stream(struct request *request, int status, const char *content_type,
                              struct reply_stream *stream);
/* For load(): takes over `length` bytes, malloc()ed, of which the first `skipped` aren't sent. */
void stream_loaded(struct request *request, char *bytes, size_t skipped, size_t length);
/* Takes back what was set, to reply something else. */
void reply_forget(struct request *request);
/* Adds a header; the texts are literals or in the arena. */
void reply_header(struct request *request, const char *name, const char *value);
/* RFC 9457; without a `detail` the title says it all. */
enum step_result reply_problem(struct request *request, enum problem problem, const char *detail);
/* A problem with further members; takes over `members` (may be NULL). */
enum step_result reply_problem_with(struct request *request, enum problem problem, const char *detail, json_t *members);
enum step_result reply_findings(struct request *request, const struct findings *findings);
/* What a database outcome other than DB_OK means to the one who asked. */
enum step_result reply_db_failure(struct request *request, struct db *db, int status, const char *doing);

#endif
