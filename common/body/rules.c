/* rules.c: verdicts and remedies; whole numbers only. */
#include "body/rules.h"

#include <stdio.h>

const struct name body_rule_names[BODY_RULE_COUNT] = {
    [RULE_SEX_HARD] = {{"任一性別比例下限", "least share of either sex"}},
    [RULE_SEX_GOAL] = {{"任一性別比例目標", "share of either sex to head for"}},
    [RULE_SEATS] = {{"委員人數", "number of members"}},
    [RULE_EXTERNAL] = {{"外聘委員人數", "number of external members"}},
    [RULE_COUNCIL] = {{"現任或曾任性平會外聘委員", "current or former external members of the council"}},
    [RULE_CONVENER] = {{"召集人", "convener"}},
    [RULE_DEPUTY] = {{"副召集人", "deputy convener"}},
    [RULE_EXECUTIVE_SECRETARY] = {{"執行長", "executive secretary"}},
};

const char *body_rule_word(enum body_rule rule)
{
    static const char *const words[BODY_RULE_COUNT] = {"sex_hard",         "sex_goal", "seats",  "external",
                                                       "council_external", "convener", "deputy", "executive_secretary"};

    return words[rule];
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* ---- shares of the sexes ----------------------------------------------------------------------------------------- */

/* The least whole number not below a / b; b > 0. */
static int divide_up(int a, int b)
{
    return a <= 0 ? 0 : (a + b - 1) / b;
}

bool share_holds(struct body_share share, int men, int women)
{
    return share.in * smaller(men, women) >= share.of * (men + women);
}

int share_exchange(struct body_share share, int men, int women)
{
    int all = men + women, least = divide_up(share.of * all, share.in);

    if (least > all / 2)
        return MEND_IMPOSSIBLE;
    return least > smaller(men, women) ? least - smaller(men, women) : 0;
}

/* in · (min + k) ≥ of · (all + k) */
int share_add(struct body_share share, int men, int women)
{
    return divide_up(share.of * (men + women) - share.in * smaller(men, women), share.in - share.of);
}

/* What comes out whatever the sexes are that aren't known. */
static enum verdict judge_share(struct body_share share, const struct body_counts *counts)
{
    int unknown = counts->members - counts->men - counts->women, fewest = smaller(counts->men, counts->women),
        most = smaller(fewest + unknown, counts->members / 2);

    if (share.in * fewest >= share.of * counts->members)
        return VERDICT_HOLDS;
    return share.in * most >= share.of * counts->members ? VERDICT_UNKNOWN : VERDICT_BROKEN;
}

/* ---- each rule --------------------------------------------------------------------------------------------------- */

static struct body_share share_of(const struct body *body, enum body_rule rule)
{
    return rule == RULE_SEX_HARD ? body->hard : body->goal;
}

/* How many there must be, and how many there are, of a rule about a number. */
struct range {
    int least, most, found;
};

static struct range range_of(const struct body *body, enum body_rule rule, const struct body_counts *counts)
{
    static const struct body_counts nobody;

    if (!counts)
        counts = &nobody;
    switch (rule) {
    case RULE_SEATS: return (struct range){body->least, body->most, counts->members};
    case RULE_EXTERNAL: return (struct range){body->external_least, body->external_most, counts->external};
    case RULE_COUNCIL: return (struct range){body->council_least, BODY_NO_LIMIT, counts->council};
    case RULE_CONVENER: return (struct range){1, 1, counts->conveners};
    case RULE_DEPUTY: return (struct range){1, 1, counts->deputies};
    case RULE_EXECUTIVE_SECRETARY: return (struct range){1, 1, counts->executive_secretaries};
    default: return (struct range){0, BODY_NO_LIMIT, 0};
    }
}

bool body_rule_applies(const struct body *body, enum body_rule rule)
{
    struct range range = range_of(body, rule, NULL);

    switch (rule) {
    case RULE_SEX_HARD:
    case RULE_SEX_GOAL: return share_of(body, rule).in > 0;
    case RULE_CONVENER: return body->convener.text[0] != NULL && !body->rotating;
    case RULE_DEPUTY: return body->deputy.text[0] != NULL;
    case RULE_EXECUTIVE_SECRETARY: return body->executive_secretary.text[0] != NULL;
    default: return range.least > 0 || range.most != BODY_NO_LIMIT;
    }
}

enum verdict body_rule_judge(const struct body *body, enum body_rule rule, const struct body_counts *counts)
{
    struct range range = range_of(body, rule, counts);

    if (counts->members == 0 || (rule == RULE_COUNCIL && !counts->council_is_known))
        return VERDICT_UNKNOWN;
    if (rule == RULE_SEX_HARD || rule == RULE_SEX_GOAL)
        return judge_share(share_of(body, rule), counts);
    return range.found >= range.least && (range.most == BODY_NO_LIMIT || range.found <= range.most) ? VERDICT_HOLDS
                                                                                                    : VERDICT_BROKEN;
}

static void mend_share(struct body_share share, const struct body_counts *counts, struct mend *mend)
{
    mend->exchange = share_exchange(share, counts->men, counts->women);
    mend->add = share_add(share, counts->men, counts->women);
    mend->lesser = counts->men < counts->women ? 'm' : counts->women < counts->men ? 'f' : '\0';
}

/* A number of members grows only by those who come; one of some kind of member by those who change places, too. */
static void mend_range(enum body_rule rule, struct range range, struct mend *mend)
{
    if (range.found < range.least) {
        mend->add = range.least - range.found;
        mend->exchange = rule == RULE_SEATS ? MEND_IMPOSSIBLE : mend->add;
    } else {
        mend->remove = range.found - range.most;
        mend->exchange = rule == RULE_SEATS ? MEND_IMPOSSIBLE : mend->remove;
        mend->add = MEND_IMPOSSIBLE;
    }
}

struct mend body_rule_mend(const struct body *body, enum body_rule rule, const struct body_counts *counts)
{
    struct mend mend = {.free_seats = MEND_UNLIMITED, .within_seats = true};

    if (body->most != BODY_NO_LIMIT)
        mend.free_seats = counts->members < body->most ? body->most - counts->members : 0;
    if (body_rule_judge(body, rule, counts) != VERDICT_BROKEN)
        return mend;
    if (rule == RULE_SEX_HARD || rule == RULE_SEX_GOAL)
        mend_share(share_of(body, rule), counts, &mend);
    else
        mend_range(rule, range_of(body, rule, counts), &mend);
    mend.within_seats =
        mend.add != MEND_IMPOSSIBLE && (mend.free_seats == MEND_UNLIMITED || mend.add <= mend.free_seats);
    return mend;
}

void body_rule_found(enum body_rule rule, const struct body_counts *counts, char ret_text[static BODY_RULE_TEXT_SIZE])
{
    static const struct body no_body;

    if (rule == RULE_SEX_HARD || rule == RULE_SEX_GOAL)
        snprintf(ret_text, BODY_RULE_TEXT_SIZE, "%d/%d", smaller(counts->men, counts->women), counts->members);
    else
        snprintf(ret_text, BODY_RULE_TEXT_SIZE, "%d", range_of(&no_body, rule, counts).found);
}

void body_rule_wanted(const struct body *body, enum body_rule rule, char ret_text[static BODY_RULE_TEXT_SIZE])
{
    struct range range = range_of(body, rule, NULL);

    if (rule == RULE_SEX_HARD || rule == RULE_SEX_GOAL)
        snprintf(ret_text, BODY_RULE_TEXT_SIZE, "%d/%d", share_of(body, rule).of, share_of(body, rule).in);
    else if (range.most == BODY_NO_LIMIT)
        snprintf(ret_text, BODY_RULE_TEXT_SIZE, "≥%d", range.least);
    else if (range.least == range.most)
        snprintf(ret_text, BODY_RULE_TEXT_SIZE, "%d", range.least);
    else if (range.least == 0)
        snprintf(ret_text, BODY_RULE_TEXT_SIZE, "≤%d", range.most);
    else
        snprintf(ret_text, BODY_RULE_TEXT_SIZE, "%d–%d", range.least, range.most);
}

/* ---- whether a meeting counts ------------------------------------------------------------------------------------ */

enum verdict body_quorum(enum body_quorum_kind kind, int members, int present, int external, int external_present)
{
    if (kind == QUORUM_NONE)
        return VERDICT_HOLDS;
    if ((kind == QUORUM_MORE_THAN_HALF ? members : external) <= 0)
        return VERDICT_UNKNOWN;
    if (kind == QUORUM_MORE_THAN_HALF)
        return 2 * present > members ? VERDICT_HOLDS : VERDICT_BROKEN;
    return 2 * external_present >= external ? VERDICT_HOLDS : VERDICT_BROKEN;
}
