/* worlds.c: moves of persons between offices. The rules of a plan over sums are homogeneous (a part is at most its whole,
 * parts add up to their total), so what obeys them can be added to what obeys them, and nothing at all obeys them:
 * handing a whole family's cells over to another office is always lawful where both reported the same columns. Where
 * they didn't, the part that can move is checked against the rules. */
#include "open_data/worlds.h"

/* What is taken from one office: the columns that move, of those its family has. */
struct load {
    const struct protection *protection;
    size_t family, office;
    size_t to;      /* the columns that both offices know move */
    bool remaining; /* look at what stays behind instead */
};

int64_t cell_value(const struct protection *protection, size_t column, size_t office)
{
    return protection->values[column * protection->office_count + office];
}

bool cell_is_known(const struct protection *protection, size_t column, size_t office)
{
    return protection->known[column * protection->office_count + office];
}

static bool moves(const struct load *load, size_t column)
{
    bool both =
        cell_is_known(load->protection, column, load->office) && cell_is_known(load->protection, column, load->to);

    return load->remaining ? cell_is_known(load->protection, column, load->office) && !both : both;
}

static int64_t amount(const struct load *load, size_t column)
{
    return moves(load, column) ? cell_value(load->protection, column, load->office) : 0;
}

/* Whether the load obeys one rule that holds where `office` reports. */
static bool obeys(const struct load *load, const struct relation *relation, size_t office)
{
    const struct protection *protection = load->protection;
    bool any_part = false;
    int64_t sum = 0;

    for (size_t i = 0; i < relation->part_count; i++) {
        any_part = any_part || cell_is_known(protection, relation->parts[i], office);
        sum += amount(load, relation->parts[i]);
    }
    if (!any_part || !cell_is_known(protection, relation->whole, office))
        return true; /* it says nothing there */
    switch (relation->kind) {
    case RELATION_AT_MOST: return sum <= amount(load, relation->whole);
    case RELATION_SUM: return sum == amount(load, relation->whole);
    case RELATION_TIED: break;
    }
    return moves(load, relation->whole) == moves(load, relation->parts[0]);
}

static bool obeys_all(const struct load *load, size_t office)
{
    const struct protection *protection = load->protection;

    for (size_t i = 0; i < protection->relation_count; i++)
        if (protection->family_of[protection->relations[i].whole] == load->family &&
            !obeys(load, &protection->relations[i], office))
            return false;
    return true;
}

static bool reports_the_same(const struct protection *protection, size_t family, size_t a, size_t b)
{
    for (size_t column = 0; column < protection->column_count; column++)
        if (protection->family_of[column] == family &&
            cell_is_known(protection, column, a) != cell_is_known(protection, column, b))
            return false;
    return true;
}

/* Whether everything both offices know can be handed over: the load must obey the rules where it arrives, and what is
 * left behind those where it comes from. */
static bool can_hand_over(const struct protection *protection, size_t family, size_t from, size_t to)
{
    struct load load = {protection, family, from, to, false}, rest = {protection, family, from, to, true};

    return reports_the_same(protection, family, from, to) || (obeys_all(&load, to) && obeys_all(&rest, from));
}

/* What is free of rules above it takes any number more of one column alone. */
static bool can_grow_alone(const struct protection *protection, size_t column, size_t office)
{
    for (size_t i = 0; i < protection->relation_count; i++) {
        const struct relation *relation = &protection->relations[i];
        bool whole = relation->whole == column;

        if (whole && relation->kind == RELATION_AT_MOST)
            continue;
        if (whole) {
            for (size_t part = 0; part < relation->part_count; part++)
                if (cell_is_known(protection, relation->parts[part], office))
                    return false;
            continue;
        }
        for (size_t part = 0; part < relation->part_count; part++)
            if (relation->parts[part] == column && cell_is_known(protection, relation->whole, office))
                return false;
    }
    return true;
}

/* How much of one column alone an office can do without by one rule. */
static int64_t slack_of(const struct protection *protection, const struct relation *relation, size_t column,
                        size_t office)
{
    int64_t value = cell_value(protection, column, office), parts = 0;
    bool is_part = false, any_part = false;

    for (size_t i = 0; i < relation->part_count; i++) {
        is_part = is_part || relation->parts[i] == column;
        if (!cell_is_known(protection, relation->parts[i], office))
            continue;
        any_part = true;
        parts += cell_value(protection, relation->parts[i], office);
    }
    if (relation->whole != column && (!is_part || !cell_is_known(protection, relation->whole, office)))
        return value; /* it says nothing of the column there */
    if (relation->kind == RELATION_AT_MOST)
        return is_part ? value : value > parts ? value - parts : 0;
    return any_part ? 0 : value;
}

static int64_t spare(const struct protection *protection, size_t column, size_t office)
{
    int64_t most = cell_value(protection, column, office);

    for (size_t i = 0; i < protection->relation_count; i++) {
        int64_t slack = slack_of(protection, &protection->relations[i], column, office);

        most = slack < most ? slack : most;
    }
    return most;
}

bool can_take_all(const struct protection *protection, size_t family, size_t column, size_t from, size_t to)
{
    if (!cell_is_known(protection, column, to))
        return false;
    return can_hand_over(protection, family, from, to) ||
           (can_grow_alone(protection, column, to) &&
            spare(protection, column, from) == cell_value(protection, column, from));
}

int64_t can_move(const struct protection *protection, size_t family, size_t column, size_t from, size_t to)
{
    if (!cell_is_known(protection, column, to) || !cell_is_known(protection, column, from))
        return 0;
    if (can_hand_over(protection, family, from, to))
        return cell_value(protection, column, from);
    return can_grow_alone(protection, column, to) ? spare(protection, column, from) : 0;
}
