/* body_words.c: words of the contract about bodies and meetings, in the reader's language. */
#include "body_words.h"

#include <string.h>

struct word {
    const char *code, *text;
};

static const char *look_up(const struct word *words, size_t count, const char *code)
{
    for (size_t i = 0; code && i < count; i++)
        if (strcmp(words[i].code, code) == 0)
            return words[i].text;
    return code ? code : "";
}

const char *body_sex_word(struct client *client, const char *sex)
{
    const struct word words[] = {{"m", client_word(client, sex_man)}, {"f", client_word(client, sex_woman)}};

    return look_up(words, sizeof words / sizeof *words, sex);
}

const char *body_seat_word(struct client *client, const char *seat)
{
    const struct word words[] = {{"internal", client_word(client, seat_internal)},
                                 {"external", client_word(client, seat_external)}};

    return look_up(words, sizeof words / sizeof *words, seat);
}

const char *body_role_word(struct client *client, const char *role)
{
    const struct word words[] = {{"convener", client_word(client, role_convener)},
                                 {"deputy", client_word(client, role_deputy)},
                                 {"executive_secretary", client_word(client, role_executive_secretary)},
                                 {"member", client_word(client, role_member)}};

    return look_up(words, sizeof words / sizeof *words, body_seat_word(client, role));
}

const char *body_verdict_word(struct client *client, const char *verdict)
{
    if (verdict && strcmp(verdict, "holds") == 0)
        return client_word(client, rule_holds);
    return verdict && strcmp(verdict, "broken") == 0 ? client_word(client, rule_broken)
                                                     : client_word(client, rule_unknown);
}

const char *body_item_word(struct client *client, const char *kind)
{
    const struct word words[] = {
        {"opening", client_word(client, item_opening)},       {"minutes", client_word(client, item_minutes)},
        {"tracking", client_word(client, item_tracking)},     {"report", client_word(client, item_report)},
        {"discussion", client_word(client, item_discussion)}, {"motion", client_word(client, item_motion)},
        {"closing", client_word(client, item_closing)}};

    return look_up(words, sizeof words / sizeof *words, kind);
}
