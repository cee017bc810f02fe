def score_missed(g, o):
    return {}
