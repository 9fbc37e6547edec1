/* packs.h: what the handlers of packs share. Private to api/. */
#ifndef TRIBUTARY_API_PACKS_H
#define TRIBUTARY_API_PACKS_H

#include "http/request.h"

enum { PACKS_AT_ONCE = 2 };

/* Takes one of the places for packs in the making. False: a problem is replied, and none is taken. */
bool pack_making_begins(struct request *request);
void pack_making_ends(void);

/* One pack with its sources, in a snapshot of its own. The caller owns it. NULL: a problem is replied. */
json_t *find_pack(struct request *request, struct db *db, const char *id);

/* Whether the address names a pack at all; otherwise a problem is replied. */
bool pack_id_is_good(struct request *request, const char *id);

/* Of the papers that changes are given as; NULL ends them. */
extern const char *const paper_media_types[];

/* "113年度第1組…會議資料.odt", in the arena. */
const char *pack_file_name(struct arena *arena, const char *title, const char *ending);

#endif
