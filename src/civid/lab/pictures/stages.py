def stages(image): raise NotImplementedError
