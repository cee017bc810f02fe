#ifndef CIVID_SEARCH_SCAN_SCALE_H
#define CIVID_SEARCH_SCAN_SCALE_H
static const float civid__log_count[256] = {0};
static const float civid__scan_level[256] = {0};
static const float civid__scan_spread[256] = {1};
static const float civid__agree_level[6] = {0};
static const float civid__agree_spread[6] = {1.0f};
#endif
