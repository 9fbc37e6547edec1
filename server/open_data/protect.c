/* protect.c: withholding until every small figure is safe; protect.h says what that means. */
#include "open_data/protect.h"

#include "open_data/worlds.h"

/* A figure that must be safe: one office's cell, or a unit's total. */
struct figure {
    size_t family, column;
    const bool *offices; /* whose cells it adds; NULL: only `office` */
    size_t office;
};

static bool adds(const struct figure *figure, size_t office)
{
    return figure->offices ? figure->offices[office] : office == figure->office;
}

/* ---- what is withheld ------------------------------------------------------------------------------------------- */

bool is_office_withheld(const struct protection *protection, size_t column, size_t office)
{
    return protection->office_withheld[protection->family_of[column] * protection->office_count + office];
}

bool is_unit_withheld(const struct protection *protection, size_t column, size_t unit)
{
    return protection->unit_withheld[protection->family_of[column] * protection->unit_count + unit];
}

bool is_indicator_withheld(const struct protection *protection, size_t indicator, size_t unit)
{
    const struct protection_indicator *one = &protection->indicators[indicator];

    for (size_t i = 0; i < one->column_count; i++)
        if (is_unit_withheld(protection, one->columns[i], unit))
            return true;
    return protection->indicator_withheld[indicator];
}

static bool is_counted(const struct protection *protection, size_t indicator, size_t period, size_t office)
{
    return protection->indicators[indicator].counted[period * protection->office_count + office];
}

bool is_indicator_withheld_of(const struct protection *protection, size_t indicator, size_t office)
{
    const struct protection_indicator *one = &protection->indicators[indicator];

    for (size_t i = 0; i < one->column_count; i++)
        if (is_counted(protection, indicator, protection->columns[one->columns[i]].period, office) &&
            is_office_withheld(protection, one->columns[i], office))
            return true;
    return false;
}

/* ---- who stands behind the same published sums ------------------------------------------------------------------ */

static bool is_published(const struct protection *protection, size_t family, size_t unit)
{
    return !protection->unit_withheld[family * protection->unit_count + unit];
}

static bool same_units(const struct protection *protection, size_t family, size_t a, size_t b)
{
    for (size_t unit = 0; unit < protection->unit_count; unit++)
        if (is_published(protection, family, unit) &&
            protection->units[unit].members[a] != protection->units[unit].members[b])
            return false;
    return true;
}

/* Whether an indicator's published sums tell two offices apart in a family. */
static bool tells_apart(const struct protection *protection, size_t family, size_t indicator, size_t a, size_t b)
{
    const struct protection_indicator *one = &protection->indicators[indicator];

    for (size_t i = 0; i < one->column_count; i++) {
        size_t period = protection->columns[one->columns[i]].period;

        if (protection->family_of[one->columns[i]] != family)
            continue;
        for (size_t unit = 0; unit < protection->unit_count; unit++) {
            const bool *members = protection->units[unit].members;

            if (!is_indicator_withheld(protection, indicator, unit) &&
                (members[a] && is_counted(protection, indicator, period, a)) !=
                    (members[b] && is_counted(protection, indicator, period, b)))
                return true;
        }
    }
    return false;
}

static bool same_sums(const struct protection *protection, size_t family, size_t a, size_t b)
{
    if (!same_units(protection, family, a, b))
        return false;
    for (size_t indicator = 0; indicator < protection->indicator_count; indicator++)
        if (tells_apart(protection, family, indicator, a, b))
            return false;
    return true;
}

/* Whether an office stands behind no published sum of a family. */
static bool is_free(const struct protection *protection, size_t family, size_t office)
{
    for (size_t unit = 0; unit < protection->unit_count; unit++)
        if (is_published(protection, family, unit) && protection->units[unit].members[office])
            return false;
    return true;
}

/* ---- whether a figure is safe ----------------------------------------------------------------------------------- */

static bool may_trade(const struct protection *protection, const struct figure *figure, size_t office, size_t with)
{
    return !adds(figure, with) && protection->office_withheld[figure->family * protection->office_count + with] &&
           same_sums(protection, figure->family, office, with);
}

/* Whether the figure's share of an office can be moved away. */
static bool can_be_zero(const struct protection *protection, const struct figure *figure, size_t office)
{
    if (is_free(protection, figure->family, office))
        return true;
    for (size_t with = 0; with < protection->office_count; with++)
        if (may_trade(protection, figure, office, with) &&
            can_take_all(protection, figure->family, figure->column, office, with))
            return true;
    return false;
}

/* Whether as many persons can be moved to one office that the figure reaches `smallest`. */
static bool can_be_large(const struct protection *protection, const struct figure *figure, size_t office, int64_t total)
{
    if (is_free(protection, figure->family, office))
        return true;
    for (size_t with = 0; with < protection->office_count && total < protection->smallest; with++)
        if (may_trade(protection, figure, office, with))
            total += can_move(protection, figure->family, figure->column, with, office);
    return total >= protection->smallest;
}

static int64_t total_of(const struct protection *protection, const struct figure *figure)
{
    int64_t total = 0;

    for (size_t office = 0; office < protection->office_count; office++)
        if (adds(figure, office) && cell_is_known(protection, figure->column, office))
            total += cell_value(protection, figure->column, office);
    return total;
}

/* Whether the figure isn't small, or safe; otherwise *ret_office is one whose share isn't. */
static bool is_safe(const struct protection *protection, const struct figure *figure, size_t *ret_office)
{
    int64_t total = total_of(protection, figure);
    bool large = false;

    if (total == 0 || total >= protection->smallest)
        return true;
    for (size_t office = 0; office < protection->office_count; office++) {
        if (!adds(figure, office) || !cell_is_known(protection, figure->column, office) ||
            cell_value(protection, figure->column, office) == 0)
            continue;
        *ret_office = office;
        if (!can_be_zero(protection, figure, office))
            return false;
        large = large || can_be_large(protection, figure, office, total);
    }
    return large;
}

/* ---- withholding more ------------------------------------------------------------------------------------------- */

/* What withholding an office takes from the public: its persons in the family. */
static int64_t loss_of(const struct protection *protection, size_t family, size_t office)
{
    int64_t loss = 0;

    for (size_t column = 0; column < protection->column_count; column++)
        if (protection->family_of[column] == family && cell_is_known(protection, column, office))
            loss += cell_value(protection, column, office);
    return loss;
}

/* What an office could do for a figure if it was withheld: persons to move there, and one for taking what is to go. */
static int64_t help_of(const struct protection *protection, const struct figure *figure, size_t office, size_t with)
{
    return can_move(protection, figure->family, figure->column, with, office) +
           (can_take_all(protection, figure->family, figure->column, office, with) ? 1 : 0);
}

/* Withholds another office behind the same sums: the one that takes least from the public if it suffices, else the one
 * that helps most. False if there is none. */
static bool withhold_office(struct protection *protection, const struct figure *figure, size_t office)
{
    size_t count = protection->office_count, best = count, ignored;
    bool best_suffices = false;
    int64_t best_loss = 0, best_help = 0;
    bool *withheld = protection->office_withheld + figure->family * count;

    for (size_t with = 0; with < count; with++) {
        int64_t help, loss = loss_of(protection, figure->family, with);

        if (withheld[with] || adds(figure, with) || !same_sums(protection, figure->family, office, with) ||
            (help = help_of(protection, figure, office, with)) == 0)
            continue;
        withheld[with] = true;
        bool suffices = is_safe(protection, figure, &ignored);

        withheld[with] = false;
        if (best < count &&
            ((best_suffices && !suffices) || (best_suffices == suffices && suffices && loss >= best_loss) ||
             (!best_suffices && !suffices && help <= best_help)))
            continue;
        best = with;
        best_suffices = suffices;
        best_loss = loss;
        best_help = help;
    }
    if (best < count)
        withheld[best] = true;
    return best < count;
}

/* What it costs to withhold all units and indicators that tell two offices apart. An indicator is what people look for:
 * it is dearer than the totals of both groups. */
enum { COST_OF_INDICATOR = 5 };

static int cost_to_join(const struct protection *protection, size_t family, size_t a, size_t b)
{
    int cost = 0;

    for (size_t unit = 0; unit < protection->unit_count; unit++)
        if (is_published(protection, family, unit) &&
            protection->units[unit].members[a] != protection->units[unit].members[b])
            cost += protection->units[unit].cost;
    for (size_t indicator = 0; indicator < protection->indicator_count; indicator++)
        cost += tells_apart(protection, family, indicator, a, b) ? COST_OF_INDICATOR : 0;
    return cost;
}

/* Withholds what keeps an office apart from the cheapest other one that could help: units, or else the indicators that
 * count only one of the two. Where nobody could help, all of the office's units are withheld. */
static void withhold_sums(struct protection *protection, const struct figure *figure, size_t office)
{
    size_t family = figure->family, best = protection->office_count;
    int best_cost = 0;

    for (size_t with = 0; with < protection->office_count; with++) {
        if (adds(figure, with) || same_sums(protection, family, office, with) ||
            help_of(protection, figure, office, with) == 0)
            continue;

        int cost = cost_to_join(protection, family, office, with);

        if (best == protection->office_count || cost < best_cost) {
            best = with;
            best_cost = cost;
        }
    }
    for (size_t unit = 0; unit < protection->unit_count; unit++) {
        const bool *members = protection->units[unit].members;

        if (best == protection->office_count ? members[office] : members[office] != members[best])
            protection->unit_withheld[family * protection->unit_count + unit] = true;
    }
    for (size_t indicator = 0; best < protection->office_count && indicator < protection->indicator_count; indicator++)
        if (tells_apart(protection, family, indicator, office, best))
            protection->indicator_withheld[indicator] = true;
}

/* Each round withholds something more, and there is only so much. */
static void make_safe(struct protection *protection, const struct figure *figure)
{
    size_t office = 0;

    while (!is_safe(protection, figure, &office))
        if (!withhold_office(protection, figure, office))
            withhold_sums(protection, figure, office);
}

/* ---- the families ----------------------------------------------------------------------------------------------- */

static size_t root_of(size_t *parent, size_t column)
{
    while (parent[column] != column)
        column = parent[column] = parent[parent[column]];
    return column;
}

/* Numbers the families: columns tied by relations, directly or through others. */
static bool make_families(struct protection *protection, struct arena *arena)
{
    size_t count = protection->column_count;
    size_t *parent = arena_alloc_array(arena, count + 1, sizeof *parent);

    protection->family_of = arena_alloc_array(arena, count + 1, sizeof *protection->family_of);
    if (!parent || !protection->family_of)
        return false;
    for (size_t i = 0; i < count; i++)
        parent[i] = i;
    for (size_t i = 0; i < protection->relation_count; i++)
        for (size_t part = 0; part < protection->relations[i].part_count; part++)
            parent[root_of(parent, protection->relations[i].parts[part])] =
                root_of(parent, protection->relations[i].whole);
    protection->family_count = 0;
    for (size_t i = 0; i < count; i++)
        if (root_of(parent, i) == i)
            protection->family_of[i] = protection->family_count++;
    for (size_t i = 0; i < count; i++)
        protection->family_of[i] = protection->family_of[root_of(parent, i)];
    return true;
}

static bool is_small(const struct protection *protection, int64_t value)
{
    return value > 0 && value < protection->smallest;
}

/* What is small itself is withheld. */
static void withhold_small(struct protection *protection)
{
    for (size_t column = 0; column < protection->column_count; column++) {
        size_t family = protection->family_of[column];

        if (!protection->columns[column].sensitive)
            continue;
        for (size_t office = 0; office < protection->office_count; office++)
            if (cell_is_known(protection, column, office) &&
                is_small(protection, cell_value(protection, column, office)))
                protection->office_withheld[family * protection->office_count + office] = true;
        for (size_t unit = 0; unit < protection->unit_count; unit++) {
            struct figure figure = {family, column, protection->units[unit].members, 0};

            if (is_small(protection, total_of(protection, &figure)))
                protection->unit_withheld[family * protection->unit_count + unit] = true;
        }
    }
}

/* Everything of the families that limits of their own would give away. */
static void withhold_bounded(struct protection *protection)
{
    for (size_t column = 0; column < protection->column_count; column++) {
        size_t family = protection->family_of[column];
        bool sensitive = false;

        for (size_t other = 0; other < protection->column_count; other++)
            sensitive = sensitive || (protection->family_of[other] == family && protection->columns[other].sensitive);
        if (!sensitive || !protection->columns[column].bounded)
            continue;
        for (size_t office = 0; office < protection->office_count; office++)
            protection->office_withheld[family * protection->office_count + office] = true;
        for (size_t unit = 0; unit < protection->unit_count; unit++)
            protection->unit_withheld[family * protection->unit_count + unit] = true;
    }
}

static void make_column_safe(struct protection *protection, size_t column)
{
    size_t family = protection->family_of[column];

    for (size_t office = 0; office < protection->office_count; office++)
        make_safe(protection, &(struct figure){family, column, NULL, office});
    for (size_t unit = 0; unit < protection->unit_count; unit++)
        make_safe(protection, &(struct figure){family, column, protection->units[unit].members, 0});
}

bool protect(struct protection *protection, struct arena *arena)
{
    if (!make_families(protection, arena))
        return false;

    size_t families = protection->family_count + 1;

    protection->office_withheld = arena_alloc_array(arena, families * (protection->office_count + 1), sizeof(bool));
    protection->unit_withheld = arena_alloc_array(arena, families * (protection->unit_count + 1), sizeof(bool));
    protection->indicator_withheld = arena_alloc_array(arena, protection->indicator_count + 1, sizeof(bool));
    if (!protection->office_withheld || !protection->unit_withheld || !protection->indicator_withheld)
        return false;
    withhold_small(protection);
    withhold_bounded(protection);
    for (size_t column = 0; column < protection->column_count; column++)
        if (protection->columns[column].sensitive)
            make_column_safe(protection, column);
    return true;
}
