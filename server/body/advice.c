/* advice.c: sentences about remedies, in both languages. */
#include "body/advice.h"

static const char *free_seats(const struct mend *mend, bool zh, struct arena *arena)
{
    if (mend->free_seats == MEND_UNLIMITED)
        return zh ? "席次未設上限" : "the number of seats has no upper limit";
    return arena_format(arena, zh ? "現有空額 %d 席，%s" : "%d seats are free, %s", mend->free_seats,
                        mend->within_seats ? (zh ? "足夠" : "enough") : (zh ? "不足" : "not enough"));
}

static const char *advise_share(const struct mend *mend, bool zh, struct arena *arena)
{
    const char *sex = mend->lesser == 'm' ? (zh ? "男性" : "men") : (zh ? "女性" : "women");
    const char *seats = free_seats(mend, zh, arena);
    const char *add = arena_format(arena, zh ? "增聘 %d 位具資格之%s委員（%s）" : "add %d qualified %s (%s)", mend->add,
                                   sex, seats ? seats : "");
    const char *exchange =
        mend->exchange == MEND_IMPOSSIBLE
            ? (zh ? "以現有人數無法僅靠改派達成" : "no exchange does with so few members")
            : arena_format(arena, zh ? "或將 %d 席改由%s擔任" : "or give the seats of %d members to %s", mend->exchange,
                           sex);

    if (!add || !exchange)
        return NULL;
    return arena_format(arena,
                        zh ? "%s；%s。多數席次隨職務，改派不易，宜先由空額增聘。"
                           : "%s; %s. Most seats go with an office: free seats and added members come first.",
                        add, exchange);
}

/* Of a rule about one kind of member, or about all of them. */
static const char *advise_number(enum body_rule rule, const struct mend *mend, bool zh, struct arena *arena)
{
    const char *what = body_rule_names[rule].text[zh ? LANGUAGE_ZH : LANGUAGE_EN];
    const char *seats = free_seats(mend, zh, arena);

    if (mend->remove > 0)
        return arena_format(arena,
                            zh ? "%s：多 %d 人，應減少或改任。" : "%s: %d too many; let them go or take another seat.",
                            what, mend->remove);
    if (rule == RULE_SEATS)
        return arena_format(arena, zh ? "%s：尚缺 %d 人，請增聘。" : "%s: %d more are needed.", what, mend->add);
    return arena_format(arena,
                        zh ? "%s：尚缺 %d 人，請增聘（%s）或改聘。"
                           : "%s: %d more are needed: add them (%s), or let them take others' seats.",
                        what, mend->add, seats ? seats : "");
}

const char *body_advice(const struct body *body, enum body_rule rule, const struct body_counts *counts,
                        enum language language, struct arena *arena)
{
    struct mend mend = body_rule_mend(body, rule, counts);
    bool zh = language == LANGUAGE_ZH;

    if (body_rule_judge(body, rule, counts) != VERDICT_BROKEN)
        return "";
    if (rule == RULE_SEX_HARD || rule == RULE_SEX_GOAL)
        return advise_share(&mend, zh, arena);
    return advise_number(rule, &mend, zh, arena);
}
