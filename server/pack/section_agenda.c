/* section_agenda.c: the agenda in its usual order (domain.md 8). */
#include <string.h>

#include "base/json.h"
#include "meeting/meeting.h"
#include "pack/occasion.h"

/* The agenda of a meeting that nobody has planned yet. */
static void usual_agenda(struct pack_making *making)
{
    for (int kind = 0; kind < ITEM_KIND_COUNT; kind++)
        paper_list(making->paper, 1, making_name(making, &item_titles[kind]));
}

/* An item that says something of its own stands below the heading of its kind. */
static void written_agenda(struct pack_making *making, const json_t *items)
{
    const char *under = "";
    const json_t *item;
    size_t i;

    json_array_foreach(items, i, item) {
        const char *kind = json_text_member(item, "kind"), *title = json_text_member(item, "title");
        bool heads = item_is_heading(item);

        if (heads || strcmp(kind, under) != 0)
            paper_list(making->paper, 1, occasion_kind(making, kind));
        if (!heads)
            paper_list(making->paper, 2, title);
        under = kind;
    }
}

bool section_agenda(struct pack_making *making)
{
    const json_t *items = json_object_get(json_object_get(making->meeting, "agenda"), "items");

    paper_heading(making->paper, 1, making_say(making, "會議議程", "Agenda"));
    if (json_array_size(items) > 0)
        written_agenda(making, items);
    else
        usual_agenda(making);
    return true;
}
