"""Which field of which model belongs to which class of data: tables, read by ``privacy.data_classes`` alone."""
