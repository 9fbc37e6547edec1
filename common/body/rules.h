/* rules.h: the rules of a body judged on its members at one time, in exact whole numbers, and what would mend them. */
#ifndef TRIBUTARY_BODY_RULES_H
#define TRIBUTARY_BODY_RULES_H

#include <stdbool.h>

#include "plan/bodies.h"

/* Members at one time. Those whose sex isn't known are neither men nor women. */
struct body_counts {
    int members, men, women;
    int external, council; /* from outside; of them current or former external members of the council */
    bool council_is_known; /* a roster form doesn't tell that */
    int conveners, deputies, executive_secretaries;
};

enum body_rule {
    RULE_SEX_HARD, /* neither sex below 1/3 (rules for task forces, art. 7; guide, 1-1) */
    RULE_SEX_GOAL, /* heading for 40 % (plan 112–115, 5-1(1)) */
    RULE_SEATS,    /* how many members */
    RULE_EXTERNAL, /* how many of them from outside */
    RULE_COUNCIL,  /* how many of those served on the council */
    RULE_CONVENER,
    RULE_DEPUTY,
    RULE_EXECUTIVE_SECRETARY,
    BODY_RULE_COUNT
};

enum verdict { VERDICT_HOLDS, VERDICT_BROKEN, VERDICT_UNKNOWN };

enum { MEND_IMPOSSIBLE = -1, MEND_UNLIMITED = -1 };

/* What would make a rule hold. */
struct mend {
    int exchange; /* so many members in whose seats the lesser sex, an external member … comes; MEND_IMPOSSIBLE: none do */
    int add;      /* so many more, qualified (of the lesser sex; external …); MEND_IMPOSSIBLE: none do */
    int remove;        /* so many fewer */
    int free_seats;    /* there are so many; MEND_UNLIMITED: nobody says how many seats there are */
    bool within_seats; /* what is to be added fits into the free seats */
    char lesser;       /* 'm' or 'f': the sex with fewer members; 0: of another rule, or both alike */
};

/* Whether the body has such a rule. Where the secretariat takes turns, whoever has it convenes a meeting and nobody holds a
 * convener's seat (plan 112–115, 5-4(1)): no rule asks for one. */
bool body_rule_applies(const struct body *body, enum body_rule rule);

/* A rule that applies, on the counts. Without any member it is unknown. If some member's sex isn't known, a rule of sexes
 * is decided only if it comes out alike whatever they are. */
enum verdict body_rule_judge(const struct body *body, enum body_rule rule, const struct body_counts *counts);

/* What would mend a rule that is broken; nothing for one that isn't. */
struct mend body_rule_mend(const struct body *body, enum body_rule rule, const struct body_counts *counts);

/* How many there are, and what is asked: "3/12" and "1/3", "43" and "33–41". The texts fit. */
enum { BODY_RULE_TEXT_SIZE = 48 };
void body_rule_found(enum body_rule rule, const struct body_counts *counts, char ret_text[static BODY_RULE_TEXT_SIZE]);
void body_rule_wanted(const struct body *body, enum body_rule rule, char ret_text[static BODY_RULE_TEXT_SIZE]);

/* "sex_hard" … */
const char *body_rule_word(enum body_rule rule);
extern const struct name body_rule_names[BODY_RULE_COUNT];

/* ---- shares of the sexes ----------------------------------------------------------------------------------------- */

/* in · min(men, women) ≥ of · (men + women) */
bool share_holds(struct body_share share, int men, int women);

/* How many of the greater sex must give their seats to the lesser; MEND_IMPOSSIBLE: no split of so many members does. */
int share_exchange(struct body_share share, int men, int women);

/* How many of the lesser sex must come in addition. */
int share_add(struct body_share share, int men, int women);

/* ---- whether a meeting counts ------------------------------------------------------------------------------------ */

/* More than half the members (plan 112–115, 5-3(1)), or at least half of the external ones (guide, 2(1)). Without such a
 * rule every meeting counts. Unknown with no member, or no external one, at all. */
enum verdict body_quorum(enum body_quorum_kind kind, int members, int present, int external, int external_present);

#endif
