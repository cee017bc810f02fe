/* orientation.c - the ridges' direction from block tensors, smoothed as far as they need it.
 *
 * Three Gaussian scales of the doubled-angle vector; where the small one is coherent it decides,
 * where it is not the next larger one does. */
#include <string.h>

#include "extract/extract_stages.h"

static void smooth_tensor(civid__frame_t *f, const civid__tensor_t in, civid__tensor_t out,
                          float sigma) {
    const size_t bytes = (size_t)f->blocks * sizeof(float);
    memcpy(out.cosine, in.cosine, bytes);
    memcpy(out.sine, in.sine, bytes);
    memcpy(out.energy, in.energy, bytes);
    civid__smooth_blocks(f, out.cosine, f->blocks_x, f->blocks_y, sigma);
    civid__smooth_blocks(f, out.sine, f->blocks_x, f->blocks_y, sigma);
    civid__smooth_blocks(f, out.energy, f->blocks_x, f->blocks_y, sigma);
}

void civid__orientation(civid__frame_t *f, const float *reference, float gain) {
    static const float sigma[3] = {SCALE_LARGE, SCALE_MIDDLE, SCALE_SMALL};
    const int32_t n = f->blocks;
    float *before_cosine = f->scratch, *before_sine = before_cosine + n;
    memcpy(before_cosine, f->cosine, (size_t)n * sizeof(float));
    memcpy(before_sine, f->sine, (size_t)n * sizeof(float));
    memset(f->cosine, 0, (size_t)n * sizeof(float));
    memset(f->sine, 0, (size_t)n * sizeof(float));
    for (int32_t s = 0; s < 3; s++) {
        smooth_tensor(f, f->raw, f->smooth, sigma[s]);
        if (reference) {
            memcpy(f->smooth.energy, reference, (size_t)n * sizeof(float));
            civid__smooth_blocks(f, f->smooth.energy, f->blocks_x, f->blocks_y, sigma[s]);
        }
        for (int32_t i = 0; i < n; i++) {
            const float c = f->smooth.cosine[i], d = f->smooth.sine[i];
            const float e = f->smooth.energy[i] + 1e-3f;
            float coherence = gain * sqrtf(c * c + d * d) / e;
            coherence = coherence < 1 ? coherence : 1;
            const float trust = coherence * coherence;
            f->cosine[i] = (1 - trust) * f->cosine[i] + trust * c / e;
            f->sine[i] = (1 - trust) * f->sine[i] + trust * d / e;
            f->coherence[i] = coherence; /* of the smallest scale in the end */
        }
    }
    for (int32_t i = 0; i < n; i++) {
        const float length = sqrtf(f->cosine[i] * f->cosine[i] + f->sine[i] * f->sine[i]);
        if (length > 1e-6f) {
            f->cosine[i] /= length, f->sine[i] /= length;
        } else {
            f->cosine[i] = 1, f->sine[i] = 0;
        }
        f->agreement[i] = f->cosine[i] * before_cosine[i] + f->sine[i] * before_sine[i];
    }
}
