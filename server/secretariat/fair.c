/* fair.c: least-cost flow from meetings over members' days to members, whose every further meeting costs more than the one
 * before. Each step takes the path to the least loaded member that any meeting without one can reach, moving meetings that were
 * given before out of the way (successive shortest paths: all cost lies in the last edge). */
#include "secretariat/fair.h"

#include <string.h>

enum { NOT_REACHED = -1, FREE = -1 };

/* Nodes: meetings, then the days of each member, then members. */
struct flow {
    const struct fair_question *question;
    int *choice, *load;
    int *day_holder; /* of each member's day, the meeting it has; FREE: none */
    int *before;     /* of each node, the one it was reached from; itself: a start */
    size_t *queue;
    size_t queued, nodes;
};

static size_t day_node(const struct flow *flow, size_t member, size_t day)
{
    return flow->question->meetings + member * flow->question->days + day;
}

static size_t member_node(const struct flow *flow, size_t member)
{
    return flow->question->meetings + flow->question->members * flow->question->days + member;
}

static void reach(struct flow *flow, size_t node, size_t from)
{
    if (flow->before[node] != NOT_REACHED)
        return;
    flow->before[node] = (int)from;
    flow->queue[flow->queued++] = node;
}

static void leave_meeting(struct flow *flow, size_t meeting)
{
    const struct fair_question *question = flow->question;

    for (size_t member = 0; member < question->members; member++)
        if (question->may_have[meeting * question->members + member] && flow->choice[meeting] != (int)member)
            reach(flow, day_node(flow, member, question->day[meeting]), meeting);
}

static void leave_day(struct flow *flow, size_t node)
{
    size_t slot = node - flow->question->meetings;
    int holder = flow->day_holder[slot];

    reach(flow, holder == FREE ? member_node(flow, slot / flow->question->days) : (size_t)holder, node);
}

/* A member who gets a meeting may give up one of another day. */
static void leave_member(struct flow *flow, size_t node)
{
    size_t member = node - member_node(flow, 0);

    for (size_t day = 0; day < flow->question->days; day++)
        if (flow->day_holder[member * flow->question->days + day] != FREE)
            reach(flow, day_node(flow, member, day), node);
}

/* Reaches whatever can be reached from meetings that have nobody; the least loaded member, or FAIR_NOBODY. */
static int search(struct flow *flow)
{
    const struct fair_question *question = flow->question;
    int best = FAIR_NOBODY;

    flow->queued = 0;
    for (size_t node = 0; node < flow->nodes; node++)
        flow->before[node] = NOT_REACHED;
    for (size_t meeting = 0; meeting < question->meetings; meeting++)
        if (flow->choice[meeting] == FAIR_NOBODY)
            reach(flow, meeting, meeting);
    for (size_t i = 0; i < flow->queued; i++) {
        size_t node = flow->queue[i];

        if (node < question->meetings)
            leave_meeting(flow, node);
        else if (node < member_node(flow, 0))
            leave_day(flow, node);
        else
            leave_member(flow, node);
    }
    for (size_t member = 0; member < question->members; member++)
        if (flow->before[member_node(flow, member)] != NOT_REACHED &&
            (best == FAIR_NOBODY || flow->load[member] < flow->load[best]))
            best = (int)member;
    return best;
}

/* Gives along the path that ends at a member. A day that is reached from a meeting is that meeting's from now on; whoever
 * had it stands further on in the path. */
static void give(struct flow *flow, size_t member)
{
    const struct fair_question *question = flow->question;
    size_t node = member_node(flow, member);

    flow->load[member]++;
    while ((size_t)flow->before[node] != node) {
        size_t from = (size_t)flow->before[node];

        if (node >= question->meetings && node < member_node(flow, 0)) {
            size_t slot = node - question->meetings;

            if (from < question->meetings) {
                flow->choice[from] = (int)(slot / question->days);
                flow->day_holder[slot] = (int)from;
            } else {
                flow->day_holder[slot] = FREE;
            }
        }
        node = from;
    }
}

static bool prepare(struct flow *flow, struct arena *arena)
{
    const struct fair_question *question = flow->question;
    size_t slots = question->members * question->days;

    flow->nodes = question->meetings + slots + question->members;
    flow->load = arena_alloc_array(arena, question->members + 1, sizeof *flow->load);
    flow->day_holder = arena_alloc_array(arena, slots + 1, sizeof *flow->day_holder);
    flow->before = arena_alloc_array(arena, flow->nodes + 1, sizeof *flow->before);
    flow->queue = arena_alloc_array(arena, flow->nodes + 1, sizeof *flow->queue);
    if (!flow->load || !flow->day_holder || !flow->before || !flow->queue)
        return false;
    for (size_t slot = 0; slot < slots; slot++)
        flow->day_holder[slot] = FREE;
    for (size_t meeting = 0; meeting < question->meetings; meeting++)
        flow->choice[meeting] = FAIR_NOBODY;
    if (question->members)
        memcpy(flow->load, question->load, question->members * sizeof *flow->load);
    return true;
}

bool fair_choose(const struct fair_question *question, struct arena *arena, int *ret_choice)
{
    struct flow flow = {.question = question, .choice = ret_choice};
    int member;

    if (!prepare(&flow, arena))
        return false;
    while ((member = search(&flow)) != FAIR_NOBODY)
        give(&flow, (size_t)member);
    return true;
}
