/* remarks.h: what an office and its reviewers say to each other about cells of what was handed in. */
#ifndef TRIBUTARY_REMARKS_REMARKS_H
#define TRIBUTARY_REMARKS_REMARKS_H

#include <jansson.h>

#include "db/db.h"

/* Records a remark; see tributary.record_remark(). For an act (ledger/act.h); its parameters: id, revision, path, answers,
 * text, how many a submission may have, clock, actor, key, digest of the request. */
extern const struct db_statement remark_record;
/* Settles a thread or opens it again; see tributary.record_remark_resolution(). Parameters: remark, resolved, and the
 * last four as above. */
extern const struct db_statement remark_resolution_record;
enum { REMARK_PARAMETERS = 10, REMARK_RESOLUTION_PARAMETERS = 6 };

struct remark_filter {
    const char *id;     /* one by its id, or NULL */
    int64_t submission; /* the store's key; 0: whatever it belongs to */
    const bool *open;   /* NULL: both */
    const char *path;   /* NULL: every place */
    int64_t after;      /* behind this sequence number */
    int limit;          /* at most `limit` + 1 come, so that the caller sees whether there are more; 0: all */
};

/* Remarks over all revisions, the oldest first; row-level security decides what is there. Runs inside a snapshot, as all of
 * these. The caller owns *ret_list, of {"remark","submission","revision","form","office","path","text" (null: erased),
 * "thread","answers","actor","role","open","resolution","recorded_at","log"}. */
enum db_status remark_list(struct db *db, const struct remark_filter *filter, json_t **ret_list);

/* How many threads of a submission are open, and where: {"open":3,"by_path":[{"path","open"}]}. The caller owns it. */
enum db_status remark_counts(struct db *db, int64_t submission, json_t **ret_counts);

/* The open threads of what a document is about: {"path","text"}, a thread's remarks in one line each; at most
 * MOST_OPEN_THREADS. `event` NULL: none. The caller owns *ret_threads. */
enum { MOST_OPEN_THREADS = 500 };
enum db_status remark_open_threads(struct db *db, const char *plan, const char *form, const char *office,
                                   const char *period, const char *event, json_t **ret_threads);

#endif
