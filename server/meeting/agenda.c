/* agenda.c: the kinds of items of an agenda, in their usual order. */
#include <string.h>

#include "meeting/meeting.h"

const struct name item_titles[ITEM_KIND_COUNT] = {
    [ITEM_OPENING] = {{"主席致詞", "Opening by the chair"}},
    [ITEM_MINUTES] = {{"確認前次會議紀錄", "Minutes of the last meeting"}},
    [ITEM_TRACKING] = {{"歷次決議列管情形", "Decisions that are tracked"}},
    [ITEM_REPORT] = {{"報告事項", "Reports"}},
    [ITEM_DISCUSSION] = {{"討論事項", "Discussion"}},
    [ITEM_MOTION] = {{"臨時動議", "Motions from the floor"}},
    [ITEM_CLOSING] = {{"散會", "Closing"}},
};

static const char *const words[ITEM_KIND_COUNT] = {"opening",    "minutes", "tracking", "report",
                                                   "discussion", "motion",  "closing"};

const char *item_kind_word(enum item_kind kind)
{
    return words[kind];
}

bool item_kind_parse(const char *word, enum item_kind *ret_kind)
{
    for (size_t i = 0; i < ITEM_KIND_COUNT; i++) {
        if (strcmp(words[i], word) != 0)
            continue;
        *ret_kind = (enum item_kind)i;
        return true;
    }
    return false;
}
