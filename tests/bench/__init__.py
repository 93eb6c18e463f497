"""What the product costs against the bare work beneath it, as ratios of one run. No thresholds, no product code."""
