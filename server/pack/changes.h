/* changes.h: what changed between two packs of the same body and language. */
#ifndef TRIBUTARY_PACK_CHANGES_H
#define TRIBUTARY_PACK_CHANGES_H

#include <jansson.h>

#include "paper/paper.h"
#include "plans/shelf.h"

/* `earlier` and `later` are packs as their JSON files hold them. {"tables": [{"key","caption","change","rows":[{"under",
 * "row","change","cells":[{"column","holding","before","after"}]}]}], "texts": [{"change","text"}], "sources": [{"kind","change","before","after","zh","en"}],
 * "unchanged"}; `change` is changed, added or gone. Tables are found by their keys, else their captions; rows by what stands
 * above them and by their first columns; columns by their headings; the sources of an office, form and period are one. The
 * caller owns it; NULL without memory. */
json_t *pack_changes(const json_t *earlier, const json_t *later, const struct plan *plan);

/* Titles, headings, paragraphs and items of lists that only one of them has: first those that are gone, then those that were
 * added, each in their order; whatever their numbers. Private to pack/. The caller owns it. */
json_t *changed_texts(const json_t *earlier, const json_t *later);

/* What changed as a paper of its own: `title` and `moment` are the later pack's, `since` the earlier one's moment. NULL without
 * memory; whether it is sound, paper_is_sound() says. */
struct paper *pack_changes_paper(struct arena *arena, const json_t *changes, const struct paper_head *head,
                                 const char *since);

#endif
