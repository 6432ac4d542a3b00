"""What the pipeline asks of the world. The real parts and the fakes beside them both keep these promises."""
