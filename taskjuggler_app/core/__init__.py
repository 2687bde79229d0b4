"""What every part of the product stands on; it knows nothing of the business."""
