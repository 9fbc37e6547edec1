/* agencies.c: reading from a plan file how agencies are called. */
#include "plan/agencies.h"

#include "plan/reader.h"

static void read_short_forms(struct plan_reader *reader, const json_t *json, struct agency *agency)
{
    const json_t *list = reader_array(reader, json, "also", false), *one;
    size_t mark = reader_enter_key(reader, "also"), i;

    agency->also = reader_alloc(reader, json_array_size(list), sizeof *agency->also);
    json_array_foreach(list, i, one) {
        size_t here = reader_enter_index(reader, i);

        if (!json_is_string(one) || json_string_length(one) == 0)
            reader_fault(reader, NULL, "is no text");
        else if (agency->also)
            agency->also[agency->also_count++] = json_string_value(one);
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

void read_agencies(struct plan_reader *reader, const json_t *root)
{
    const json_t *list = reader_array(reader, root, "agencies", false), *one;
    struct plan_agencies *all = reader_alloc(reader, 1, sizeof *all);
    size_t mark = reader_enter_key(reader, "agencies"), i;

    reader->plan->agencies = all;
    if (all)
        all->agencies = reader_alloc(reader, json_array_size(list), sizeof *all->agencies);
    json_array_foreach(list, i, one) {
        size_t here = reader_enter_index(reader, i);

        if (all && all->agencies && reader_check_members(reader, one, "name", "also", "source", NULL)) {
            struct agency *agency = &all->agencies[all->count++];

            *agency = (struct agency){.name = reader_name(reader, one, "name", true)};
            read_short_forms(reader, one, agency);
        }
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}
