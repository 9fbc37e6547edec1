/* fuzz_recognise.c: what resolutions say: whatever is found stands in the text, one behind the other, and is a real day. The first
 * byte chooses the day of the meeting, the rest is the text. */
#include "decision/owners.h"
#include "decision/recognise.h"
#include "fuzz/fuzz_support.h"

static void check_span(struct span span, size_t *from, size_t length)
{
    CLAIM(span.at >= *from && span.length > 0 && span.at + span.length <= length);
    *from = span.at + span.length;
}

static void check_found(const struct plan *plan, const struct recognised *found, struct date meeting, size_t length)
{
    struct named_owner owners[NAMED_OWNERS_MOST];
    struct date due;
    size_t from = 0, count;

    for (size_t i = 0; i < found->mention_count; i++) {
        CLAIM(found->mentions[i].office || found->mentions[i].agency || found->mentions[i].everyone);
        check_span(found->mentions[i].where, &from, length);
    }
    from = 0;
    for (size_t i = 0; i < found->day_count; i++) {
        CLAIM(date_is_valid(found->days[i].day));
        check_span(found->days[i].where, &from, length);
    }
    from = 0;
    for (size_t i = 0; i < found->request_count; i++) {
        check_span(found->requests[i].verb, &from, length);
        CLAIM(found->requests[i].what.at + found->requests[i].what.length <= length);
    }
    if (recognised_due(found, meeting, &due))
        CLAIM(date_compare(due, meeting) >= 0);
    count = owners_named(plan, plan_body(plan, "liaison"), "group-1", 113, found, owners);
    CLAIM(count <= NAMED_OWNERS_MOST);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            CLAIM(owners[i].office ? owners[i].office != owners[k].office
                                   : !owners[k].agency || strcmp(owners[i].agency, owners[k].agency) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct recognised found;
    const struct plan *plan = fuzz_plan(1);
    struct date meeting = date_from_days(date_to_days((struct date){2024, 1, 1}) + (size ? data[0] : 0));
    struct arena *arena = arena_new(MEMORY);
    char *text = malloc(size + 1);

    if (text && arena && size) {
        memcpy(text, data + 1, size - 1);
        text[size - 1] = '\0';
        if (recognise(plan, 113, meeting, text, arena, &found))
            check_found(plan, &found, meeting, strlen(text));
    }
    free(text);
    arena_free(arena);
    return 0;
}
