/* outbox.h: what is handed in goes here first and leaves when the server has answered, so that no crash, power failure or
 * lost connection loses it. Five shelves, each a folder; an entry is one file, and moving it is one rename(). */
#ifndef TRIBUTARY_CLIENT_OUTBOX_H
#define TRIBUTARY_CLIENT_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum shelf {
    SHELF_OUTBOX,    /* waits to be sent */
    SHELF_RECEIPTS,  /* has its receipt beside it */
    SHELF_REFUSED,   /* has the server's findings beside it */
    SHELF_CONFLICTS, /* someone else's revision came first; the person decides how to go on */
    SHELF_PREPARED,  /* prepared, for a colleague to release; the server's word for it is beside it */
    SHELF_COUNT,
};

enum { OUTBOX_KEY_SIZE = 33 };

/* One hand-in. Texts that aren't known are NULL. */
struct outbox_entry {
    const char *id;     /* given by the outbox; ids sort in the order of storing */
    const char *server; /* it was kept for this one; another is sent it only as known_server.h says */
    const char *path;   /* with its query, encoded */
    const char *content_type;
    const char *idempotency_key; /* made once, so that sending twice can't double it */
    const char *sample_clock;
    const char *file;                           /* what the person calls it */
    const char *form, *office, *period, *event; /* what it says it is */
    const char *stored_at;                      /* given by the outbox */
    long long base;
    const char *body;
    size_t body_length;
};

struct outbox;

/* All functions below return 0 or an errno value; EBADMSG stands for a file that isn't an entry. */

/* Opens, or makes, the outbox in the folder `state`; in `arena`. */
int outbox_open(struct arena *arena, const char *state, struct outbox **ret_outbox);

/* Stores an entry durably and gives its id. Safe beside other processes that do the same. */
int outbox_store(struct outbox *outbox, const struct outbox_entry *entry, const char **ret_id);

/* The ids on a shelf, in the order of storing. */
int outbox_list(struct outbox *outbox, enum shelf shelf, const char ***ret_ids, size_t *ret_count);

/* Reads an entry whole and checks that it is. Its texts are in the outbox's arena. */
int outbox_read(struct outbox *outbox, enum shelf shelf, const char *id, struct outbox_entry *ret_entry);

/* Puts an entry that waits onto another shelf, with the server's answer beside it: the answer first, so that an entry on a
 * shelf always has one. A crash between the two leaves the entry waiting; it is sent again and answered alike. */
int outbox_settle(struct outbox *outbox, const char *id, enum shelf shelf, const char *answer, size_t length);

/* The answer beside an entry. */
int outbox_answer(struct outbox *outbox, enum shelf shelf, const char *id, const char **ret_answer, size_t *ret_length);

/* The file of that answer, and of the entry itself. In the outbox's arena; NULL without memory. */
const char *outbox_answer_file(struct outbox *outbox, enum shelf shelf, const char *id);
const char *outbox_entry_file(struct outbox *outbox, enum shelf shelf, const char *id);

/* One process at a time sends, so that the order of storing is the order of sending. With `wait` false EWOULDBLOCK when
 * another process is at it. outbox_unlock() lets the next one go on. */
int outbox_lock(struct outbox *outbox, bool wait, int *ret_lock);
void outbox_unlock(int lock);

/* Whether both are revisions of one thing; what doesn't say what it is stands for itself. */
bool outbox_same_report(const struct outbox_entry *a, const struct outbox_entry *b);

/* Whether it releases what a colleague prepared: then its bytes aren't those that were handed in. */
bool outbox_is_release(const struct outbox_entry *entry);

/* Reads an entry from the bytes of its file. EBADMSG if they aren't a whole entry. */
int outbox_entry_parse(struct arena *arena, const char *bytes, size_t length, struct outbox_entry *ret_entry);

/* A new Idempotency-Key. */
void outbox_make_key(char ret_key[static OUTBOX_KEY_SIZE]);

#endif
