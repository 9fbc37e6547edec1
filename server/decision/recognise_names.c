/* recognise_names.c: who a text speaks of, and whether they are to do something. */
#include "decision/recognise_inside.h"
#include "plan/agencies.h"

/* ---- the names ---------------------------------------------------------------------------------------------------- */

/* How one of them is written. */
struct spelling {
    const char *text;
    bool bare; /* "龜山": counts only where a name can stand */
    const struct office *office;
    const char *agency;
    bool everyone;
};

struct spellings {
    struct spelling *list;
    size_t count, capacity;
};

static void add(struct spellings *all, struct spelling one)
{
    if (one.text && *one.text && all->count < all->capacity)
        all->list[all->count++] = one;
}

/* "龜山區公所", "龜山區", "龜山公所", "龜山" of an office; another than a 區公所 (鄉鎮市公所) alike. */
static void add_office(struct spellings *all, const struct office *office, struct arena *arena)
{
    static const char hall[] = "公所";
    static const char *const districts[] = {"區", "鄉", "鎮", "市", NULL};
    const char *full = office->name.text[LANGUAGE_ZH];
    size_t length = strlen(full), tail = sizeof hall - 1, district;
    const char *stem;

    add(all, (struct spelling){.text = full, .office = office});
    if (length <= tail || strcmp(full + length - tail, hall) != 0)
        return;
    add(all, (struct spelling){.text = arena_copy(arena, full, length - tail), .office = office});
    district = any_before(full, length - tail, districts);
    if (!district || length - tail == district)
        return;
    stem = arena_copy(arena, full, length - tail - district);
    add(all, (struct spelling){.text = stem, .bare = true, .office = office});
    add(all, (struct spelling){.text = stem ? arena_format(arena, "%s%s", stem, hall) : NULL, .office = office});
}

static void add_agencies(struct spellings *all, const struct plan *plan)
{
    for (size_t i = 0; i < plan->agencies->count; i++) {
        const struct agency *agency = &plan->agencies->agencies[i];
        const char *name = agency->name.text[LANGUAGE_ZH];

        add(all, (struct spelling){.text = name, .agency = name});
        for (size_t k = 0; k < agency->also_count; k++)
            add(all, (struct spelling){.text = agency->also[k], .agency = name});
    }
    for (size_t b = 0; b < plan->bodies->body_count; b++) {
        const struct body *body = &plan->bodies->bodies[b];
        const char *secretariat = body->secretariat.text[LANGUAGE_ZH];

        add(all, (struct spelling){.text = secretariat, .agency = secretariat});
        for (size_t u = 0; u < body->unit_count; u++)
            add(all, (struct spelling){.text = body->units[u].name.text[LANGUAGE_ZH],
                                       .agency = body->units[u].name.text[LANGUAGE_ZH]});
    }
}

static bool gather(const struct plan *plan, int year, struct arena *arena, struct spellings *all)
{
    static const char *const everyone[] = {"各區公所", "各公所", "各鄉鎮市公所", "全體區公所", "所有區公所"};

    all->capacity = plan->office_count * 4 + sizeof everyone / sizeof *everyone;
    for (size_t i = 0; i < plan->agencies->count; i++)
        all->capacity += 1 + plan->agencies->agencies[i].also_count;
    for (size_t b = 0; b < plan->bodies->body_count; b++)
        all->capacity += 1 + plan->bodies->bodies[b].unit_count;
    all->list = arena_alloc_array(arena, all->capacity, sizeof *all->list);
    if (!all->list)
        return false;
    for (size_t i = 0; i < sizeof everyone / sizeof *everyone; i++)
        add(all, (struct spelling){.text = everyone[i], .everyone = true});
    for (size_t i = 0; i < plan->office_count; i++)
        if (year >= plan->offices[i].from && year <= plan->offices[i].to)
            add_office(all, &plan->offices[i], arena);
    add_agencies(all, plan);
    return !arena_is_short(arena);
}

static const struct spelling *longest_here(const struct spellings *all, const char *text, size_t at, size_t *ret_length)
{
    const struct spelling *found = NULL;

    *ret_length = 0;
    for (size_t i = 0; i < all->count; i++) {
        size_t length = here(text, at, all->list[i].text);

        if (length > *ret_length) {
            *ret_length = length;
            found = &all->list[i];
        }
    }
    return found;
}

/* ---- where they stand --------------------------------------------------------------------------------------------- */

static const char *const joints[] = {"、", "及", "與", "和", "暨", "以及", NULL};

/* Behind these nobody is told to do anything: they receive, are asked, are followed, are seen to. */
static const char *const towards[] = {
    "送",   "交",   "報",   "副知", "知會", "轉知", "函知", "通知", "予",   "給",   "向",   "供",   "提供", "依",
    "依據", "按",   "經",   "併",   "同",   "比照", "參照", "參考", "據",   "洽",   "洽詢", "諮詢", "函詢", "徵詢",
    "協助", "輔導", "督導", "督促", "訪視", "邀請", "彙整", "彙集", "蒐集", "協調", "至",   "赴",   "對",   "將",
    "於",   "在",   "回復", "函復", "答復", "回覆", "報請", "提請", "陳請", "提報", NULL};

/* What may stand before a name without 區. */
static const char *const openings[] = {"，", "。", "；", "：", "、", "（", "(",  " ",  "　", "\n", "「", ",", ";",
                                       ":",  "請", "由", "及", "與", "和", "暨", "並", "除", "含", "如", NULL};

/* What may stand behind one: it goes on with a verb, a day, or the end of the clause. */
static const char *const verbs[] = {"，", "。", "；", "：", "、", "）", ")",  " ",  "　", "\n", "」", ",",
                                    ";",  "及", "與", "和", "暨", "於", "應", "就", "研", "提", "辦", "配",
                                    "擬", "協", "彙", "依", "先", "共", "儘", "檢", "負", "邀", "每", "各",
                                    "等", "兩", "二", "三", "四", "五", "六", "七", "除", "以", NULL};

static const char *const city[] = {"本府", "市府", "市政府", "桃園市政府", "縣政府", "縣府", NULL};

/* Behind a name: what belongs to it or comes from it is spoken of. */
static const char *const belonging[] = {"之", "的", "所", NULL};

static const char *const clause_ends[] = {"，", "。", "；", "：", "、", "）", ")", " ", "　", "\n", ",", ";", NULL};
static const char *const without[] = {"除外", NULL};
static const char *const let_off[] = {"不列入", "不計入", "不在此限", "免列", "免辦", "免提", "免填", "免報", NULL};
static const char *const leaving_out[] = {"除", "不含", "不包括", "扣除", NULL};
static const char *const after_leaving_out[] = {"外", "以外", "之外", NULL};

static bool stands_alone(const char *text, struct span where)
{
    size_t end = where.at + where.length;

    return (where.at == 0 || any_before(text, where.at, openings)) && (!text[end] || any_here(text, end, verbs));
}

/* A name found, before it is known whether it is one. */
struct find {
    const struct spelling *spelling;
    struct span where;
    bool follows; /* joined to the one before */
    bool holds;
};

static bool are_joined(const char *text, const struct find *first, const struct find *second)
{
    size_t end = first->where.at + first->where.length, joint = any_here(text, end, joints);

    return joint > 0 && end + joint == second->where.at;
}

static size_t find_all(const struct spellings *all, const char *text, struct find *finds, size_t room, bool *ret_more)
{
    size_t count = 0, at = 0, length;

    while (text[at]) {
        const struct spelling *spelling = longest_here(all, text, at, &length);

        if (!spelling) {
            at = next_character(text, at);
            continue;
        }
        if (count == room) {
            *ret_more = true;
            return count;
        }
        finds[count++] = (struct find){.spelling = spelling, .where = {at, length}};
        at += length;
    }
    return count;
}

/* Bare names hold in a list that holds ("觀音、新屋區公所"), or where they stand alone. */
static void decide(const char *text, struct find *finds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        finds[i].follows = i > 0 && are_joined(text, &finds[i - 1], &finds[i]);
        finds[i].holds = !finds[i].spelling->bare || stands_alone(text, finds[i].where);
    }
    for (size_t i = count; i-- > 1;)
        if (finds[i].follows && finds[i].holds && !finds[i].spelling->bare)
            for (size_t k = i; k > 0 && finds[k].follows; k--)
                finds[k - 1].holds = true;
}

/* ---- what part they have ------------------------------------------------------------------------------------------ */

/* Whether what stands behind the names leaves them out; to let them off it ends the clause: 免辦招標 is no such thing. */
static bool is_left_out(const char *text, size_t end)
{
    size_t length = any_here(text, end, let_off);

    return any_here(text, end, without) ||
           (length > 0 && (!text[end + length] || any_here(text, end + length, clause_ends)));
}

/* The part of the names from `first` to `last`, which are joined. */
static enum mention_role role_of(const char *text, const struct find *first, const struct find *last)
{
    size_t at = first->where.at, end = last->where.at + last->where.length;

    at -= any_before(text, at, city);
    if (is_left_out(text, end) ||
        (any_before(text, at, leaving_out) && (any_here(text, end, after_leaving_out) || !here(text, at - 3, "除"))))
        return MENTION_EXCEPTED;
    if (any_before(text, at, towards) || any_here(text, end, belonging))
        return MENTION_OTHER;
    return MENTION_OWNER;
}

static const struct group *group_before(const struct plan *plan, const char *text, size_t at)
{
    for (size_t i = 0; i < plan->group_count; i++)
        if (any_before(text, at, (const char *const[]){plan->groups[i].name.text[LANGUAGE_ZH], NULL}))
            return &plan->groups[i];
    return NULL;
}

static void keep(const struct plan *plan, const char *text, const struct find *find, enum mention_role role,
                 struct recognised *recognised)
{
    if (!find->holds)
        return;
    recognised->mentions[recognised->mention_count++] =
        (struct mention){.where = find->where,
                         .role = role,
                         .office = find->spelling->office,
                         .agency = find->spelling->agency,
                         .everyone = find->spelling->everyone,
                         .group = find->spelling->everyone ? group_before(plan, text, find->where.at) : NULL};
}

bool recognise_names(const struct plan *plan, int year, const char *text, struct arena *arena,
                     struct recognised *recognised)
{
    struct spellings all = {0};
    struct find finds[RECOGNISED_MOST];
    size_t count;

    if (!gather(plan, year, arena, &all))
        return false;
    count = find_all(&all, text, finds, RECOGNISED_MOST, &recognised->more);
    decide(text, finds, count);
    for (size_t first = 0, last; first < count; first = last + 1) {
        enum mention_role role;

        for (last = first; last + 1 < count && finds[last + 1].follows; last++)
            ;
        role = role_of(text, &finds[first], &finds[last]);
        for (size_t i = first; i <= last; i++)
            keep(plan, text, &finds[i], role, recognised);
    }
    return true;
}
