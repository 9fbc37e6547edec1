/* reader.h: reading a plan file member by member, remembering the JSON path and every fault. Private to plan/. */
#ifndef TRIBUTARY_PLAN_READER_H
#define TRIBUTARY_PLAN_READER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "plan/plan.h"

struct plan_reader {
    struct plan *plan;
    struct arena *arena;
    json_t *faults;
    char path[512]; /* "$.forms[2].rules[0]" */
    bool out_of_memory;
};

/* The length of the path before; hand it to reader_leave(). */
size_t reader_enter_key(struct plan_reader *reader, const char *key);
size_t reader_enter_index(struct plan_reader *reader, size_t index);
void reader_leave(struct plan_reader *reader, size_t mark);

/* Notes a fault at the current path, or at its member `key` if that isn't NULL. */
void reader_fault(struct plan_reader *reader, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Memory from the plan's arena; NULL is remembered in out_of_memory. */
void *reader_alloc(struct plan_reader *reader, size_t count, size_t size);

/* Faults members that are none of the given keys (NULL ends them). False if `object` isn't an object. */
bool reader_check_members(struct plan_reader *reader, const json_t *object, ...) __attribute__((sentinel));

/* A required or optional member; a wrong type is a fault and gives the fallback. */
const char *reader_text(struct plan_reader *reader, const json_t *object, const char *key, bool required);
const char *reader_code(struct plan_reader *reader, const json_t *object, const char *key);
int reader_int(struct plan_reader *reader, const json_t *object, const char *key, bool required, int fallback,
               int least, int most);
bool reader_bool(struct plan_reader *reader, const json_t *object, const char *key, bool fallback);
const json_t *reader_array(struct plan_reader *reader, const json_t *object, const char *key, bool required);
struct name reader_name(struct plan_reader *reader, const json_t *object, const char *key, bool required);
bool reader_decimal(struct plan_reader *reader, const json_t *value, const char *key, struct decimal *ret_value);

/* The parts of the file, in the order they are read. */
void read_calendar(struct plan_reader *reader, const json_t *root);
void read_stages(struct plan_reader *reader, const json_t *root);
void read_forms(struct plan_reader *reader, const json_t *root);
void read_stage_meetings(struct plan_reader *reader,
                         const json_t *root); /* names fields of forms, so it comes after them */
void read_indicators(struct plan_reader *reader, const json_t *root);
void read_open_data(struct plan_reader *reader, const json_t *root);
void read_packs(struct plan_reader *reader, const json_t *root);
void read_agencies(struct plan_reader *reader, const json_t *root);
void read_bodies(struct plan_reader *reader, const json_t *root); /* and the yearly duties, by the next */
void read_yearly_duties(struct plan_reader *reader, const json_t *root);

#endif
