/* section_proposals.c: what the meeting is to decide: its items with their explanation and proposal, and room for the
 * decision; then other business. */
#include <string.h>

#include "base/json.h"
#include "pack/occasion.h"

static void add_part(struct pack_making *making, const char *label, const char *text)
{
    const struct paper_run runs[] = {{label, true}, {text, false}};

    if (text)
        paper_item(making->paper, 2, runs, 2);
}

static void add_item(struct pack_making *making, const json_t *item)
{
    const char *resolution = json_text_member(json_object_get(item, "resolution"), "text");
    bool reports = strcmp(json_text_member(item, "kind"), "report") == 0;
    const char *label =
        reports ? making_say(making, "決定：", "Decision:") : making_say(making, "決議：", "Resolution:");
    const struct paper_run title[] = {{making_say(making, "案由：", ""), true},
                                      {json_text_member(item, "title"), true}};

    paper_item(making->paper, 1, title, 2);
    add_part(making, making_say(making, "提案單位：", "Proposed by: "), json_text_member(item, "proposer"));
    add_part(making, making_say(making, "說明：", "Explanation: "), json_text_member(item, "explanation"));
    add_part(making, making_say(making, "辦法：", "Proposal: "), json_text_member(item, "proposal"));
    if (resolution)
        add_part(making, arena_format(making->arena, making_say(making, "%s", "%s "), label), resolution);
    else
        paper_box(making->paper, label, NULL, 0);
}

/* The items of a kind that say something of their own. Whether there are any. */
static bool add_items(struct pack_making *making, const char *kind, const char *heading)
{
    const json_t *items = json_object_get(json_object_get(making->meeting, "agenda"), "items"), *item;
    bool any = false;
    size_t i;

    json_array_foreach(items, i, item) {
        if (strcmp(json_text_member(item, "kind"), kind) != 0 || item_is_heading(item))
            continue;
        if (!any)
            paper_heading(making->paper, 1, heading);
        any = true;
        add_item(making, item);
    }
    return any;
}

bool section_reports(struct pack_making *making)
{
    add_items(making, "report", making_say(making, "報告事項", "Reports"));
    return true;
}

bool section_proposals(struct pack_making *making)
{
    const char *heading = making_say(making, "討論事項", "Proposals"),
               *motions = making_say(making, "臨時動議", "Other business");

    if (!add_items(making, "discussion", heading)) {
        paper_heading(making->paper, 1, heading);
        paper_say(making->paper, PAPER_BODY, making_say(making, "目前尚無提案。", "Nothing has been proposed yet."));
    }
    if (!add_items(making, "motion", motions)) {
        paper_heading(making->paper, 1, motions);
        paper_box(making->paper, making_say(making, "案由及決議：", "Item and resolution:"), NULL, 0);
    }
    return true;
}
