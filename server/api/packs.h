/* packs.h: what the handlers of packs share. Private to api/. */
#ifndef TRIBUTARY_API_PACKS_H
#define TRIBUTARY_API_PACKS_H

#include "http/request.h"
#include "pack/pack.h"

enum { PACKS_AT_ONCE = 2 };

/* Takes one of the places for packs in the making. False: a problem is replied, and none is taken. */
bool pack_making_begins(struct request *request);
void pack_making_ends(void);

/* Reads what is asked for into a question whose moment is set. Inside a snapshot. False: a problem is replied. */
typedef bool pack_read_fn(struct request *request, struct db *db, struct pack_question *question);

/* Makes what is asked for and freezes it, or shows the newest of the question if that says the same. */
enum step_result pack_order(struct request *request, struct db *db, pack_read_fn *read);

/* One pack with its sources, in a snapshot of its own. The caller owns it. NULL: a problem is replied. */
json_t *find_pack(struct request *request, struct db *db, const char *id);

/* Whether the address names a pack at all; otherwise a problem is replied. */
bool pack_id_is_good(struct request *request, const char *id);

/* Of the papers that changes are given as; NULL ends them. */
extern const char *const paper_media_types[];

/* Of minutes that are only drafted. */
extern const char *const minutes_media_types[];

/* In which of the route's forms, or as `otherwise`, an answer is wanted: by ?format=, else by Accept. False: a problem is
 * replied. */
bool read_pack_format(struct request *request, enum pack_format otherwise, enum pack_format *ret_format);

/* Replies that the stored bytes of a file aren't those that were frozen, which are never given out, and logs it. */
enum step_result reply_pack_damaged(struct request *request, const char *id, enum pack_format format);

/* "113年度第1組…會議資料.odt", in the arena. */
const char *pack_file_name(struct arena *arena, const char *title, const char *ending);

#endif
