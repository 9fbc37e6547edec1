/* odt_picture.c: a chart as a picture in an ODT. */
#include <png.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "paper/chart.h"
#include "paper/odt.h"

enum { DOTS_PER_INCH = 160 };

/* Cairo's dots, each in the lower 24 bits of 32, as red, green and blue in the same lines: three bytes where four were. */
static void to_rgb(unsigned char *dots, int width, int height, int stride)
{
    for (int y = 0; y < height; y++, dots += stride) {
        for (int x = 0; x < width; x++) {
            uint32_t dot;

            memcpy(&dot, dots + 4 * x, sizeof dot);
            dots[3 * x] = (unsigned char)(dot >> 16);
            dots[3 * x + 1] = (unsigned char)(dot >> 8);
            dots[3 * x + 2] = (unsigned char)dot;
        }
    }
}

/* Appends the surface as PNG and leaves it useless. Charts are flat areas and thin lines: without filters zlib's level 3
 * makes them smaller than all filters and level 6 do, which is what Cairo's own writer uses, in a quarter of the time. */
static bool append_png(cairo_surface_t *surface, struct buffer *out)
{
    const int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface),
              stride = cairo_image_surface_get_stride(surface);
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)width,
                       .height = (png_uint_32)height,
                       .format = PNG_FORMAT_RGB,
                       .flags = PNG_IMAGE_FLAG_FAST};
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    void *bytes = malloc(size);
    unsigned char *dots;
    bool good = false;

    cairo_surface_flush(surface);
    dots = cairo_image_surface_get_data(surface);
    if (bytes && dots) {
        to_rgb(dots, width, height, stride);
        good =
            png_image_write_to_memory(&image, bytes, &size, 0, dots, stride, NULL) && buffer_append(out, bytes, size);
    }
    free(bytes);
    return good;
}

bool odt_picture(const struct odt *odt, const struct paper_chart *chart, struct buffer *out)
{
    const double width = ODT_PORTRAIT * 72.0 / 2540, height = chart_height(chart), scale = DOTS_PER_INCH / 72.0;
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(width * scale + 0.5), (int)(height * scale + 0.5));
    cairo_t *cairo = cairo_create(surface);
    struct type type;
    bool good;

    type_open(&type, &odt->fonts, odt->language);
    cairo_scale(cairo, scale, scale);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    chart_draw(&(struct canvas){.cairo = cairo,
                                .type = &type,
                                .arena = odt->arena,
                                .language = odt->language,
                                .width = width,
                                .height = height},
               chart);
    good = cairo_status(cairo) == CAIRO_STATUS_SUCCESS && append_png(surface, out);
    type_close(&type);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return good && !out->failed;
}
