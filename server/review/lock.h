/* lock.h: what the reviews of a submission leave open to change. */
#ifndef TRIBUTARY_REVIEW_LOCK_H
#define TRIBUTARY_REVIEW_LOCK_H

#include "db/db.h"
#include "form/document.h"

struct review_lock {
    int64_t reviewed_at; /* the log's sequence number of the newest review that was looked at; 0: none */
    int passed;          /* stages that a revision with this content has passed already; -1: it begins anew */
};

/* Judges a sound document against the reviews of its submission, inside a snapshot. Once a stage accepted a revision only
 * what was returned of it may change: anything else is an error at its cell; what was returned and still says the same is a
 * warning. Free are what was returned as a whole, a change that comes into force later (a form with effective_from), and
 * the final figures after provisional ones; what is so handed in frees nothing else of what was accepted before. */
enum db_status lock_judge(struct db *db, const struct document *document, struct findings *findings,
                          struct review_lock *ret_lock);

#endif
